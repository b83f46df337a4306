import { describe, expect, test } from 'vitest';
import { decodeEntry, textsOf } from './decode-support.ts';

describe('faults tell more than their fields', () => {
  test.each<[string, RegExp]>([
    ['8000002500000028 0a00000000000000', /written to fee14000 .* for APIC 20;/],
    ['8000002500000028 1600000000000000', /written to fee2c000 .* for APIC 44;/],
    ['8000002500006405 8800000000000000', /written to fee10004 .* for logical id 16;/],
  ])('a blocked compatibility message can be told from the index: %s', (numbers, text) => {
    expect(textsOf(decodeEntry('fault', numbers).document, 'hint').join()).toMatch(text);
  });

  test('a DMA fault is not taken for an interrupt', () => {
    const { document } = decodeEntry('fault', '8000000600000200 002b000000000000');
    expect(document.summary).toBe('requester 02:00.0: reason 0x06');
    expect(textsOf(document, 'warning')[0]).toMatch(/not a reason about interrupts/);
  });

  test('an event names the refusals that give it', () => {
    const causes = (numbers: string) => decodeEntry('event', numbers).document.derived.causes;
    expect(causes('fffffffdf8000000 8a00000000000000')).toBe('IntCtl=00 (target abort)');
    expect(causes('fffffffdf8200200 20080000000000a0')).toMatch(/RemapEn=0/);
    expect(causes('fffffffdf8200200 20080000000000a0')).not.toMatch(/pass bit/);
    expect(causes('fffffffdf8200210 20080000000000a0')).toMatch(/pass bit/);
  });

  test('a page fault of memory is told apart', () => {
    const { document } = decodeEntry('event', '00000000000eb340 2000000000000098');
    expect(document.derived.interrupt).toBe(false);
    expect(textsOf(document, 'warning')[0]).toMatch(/memory request/);
  });
});
