import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DecodeDocument, Decoding } from '../../src/report/decode.ts';
import { DECODE_KINDS, decodeNumbers, isDecodeKind } from '../../src/report/decode-kinds.ts';
import { decodeMessage, readingText } from '../../src/report/decode-message.ts';
import { COLUMNS, decodingText, logEntryText } from '../../src/report/decode-text.ts';
import { translateAmdLine } from '../../src/runner/translate-amdvi.ts';
import { translateVtdLine } from '../../src/runner/translate-vtd.ts';
import { violationsOf } from './decode-support.ts';

const RUNS = { numRuns: 200 };
const word = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 0xffffffff }));
const mode = fc.constantFrom('x2apic' as const, 'xapic' as const);
const hex = (value: bigint | number, digits: number): string =>
  value.toString(16).padStart(digits, '0');

const whole = (words: readonly number[]): bigint =>
  words.reduce((sum, w, i) => sum + (BigInt(w) << BigInt(32 * i)), 0n);

/** The number whose bits a document's fields name, put together again from their printed places. */
function rebuilt({ fields }: DecodeDocument): bigint {
  const origin = (part: string): bigint => (part === 'data' ? 64n : 0n);
  return fields.reduce((sum, { part, bits, value }) => {
    let rest = BigInt(value);
    return bits.split(',').reduce((partial, range) => {
      const [high, low = high] = range.split(':').map(BigInt);
      const width = high - low + 1n;
      const piece = BigInt.asUintN(Number(width), rest);
      rest >>= width;
      return partial + (piece << (low + origin(part)));
    }, sum);
  }, 0n);
}

function expectReadable(decoding: Decoding): void {
  const lines = [...decodingText(decoding).split('\n'), ...logEntryText(decoding).split('\n')];
  expect(Math.max(...lines.map(line => line.length))).toBeLessThanOrEqual(COLUMNS);
  expect(lines.filter(line => /\s$/.test(line))).toEqual([]);
  expect(lines.join('\n')).not.toMatch(/undefined|NaN|\[object/);
  expect(JSON.parse(JSON.stringify(decoding.document))).toEqual(decoding.document);
}

const forms = Object.keys(DECODE_KINDS)
  .filter(isDecodeKind)
  .flatMap(kind =>
    DECODE_KINDS[kind].forms.map(form => ({ kind, form, count: form.names.length })),
  );

describe.each(forms)('$kind of $count numbers', ({ kind, form, count }) => {
  const small = word.map(BigInt);
  const large = fc.tuple(word, word).map(whole);
  const number = form.bits === 32 ? small : large;
  const numbers = fc.array(number, { minLength: count, maxLength: count });

  test('any bits can be read: the fields hold all of them, and the text is readable', () => {
    fc.assert(
      fc.property(numbers, mode, (values, apicMode) => {
        const texts = values.map(value => hex(value, form.bits / 4));
        const result = decodeNumbers(kind, texts, apicMode);
        if (!result.ok) throw new Error(result.message);
        const { decoding } = result;
        const ordered = form.order === 'highest first' ? texts : texts.toReversed();
        expect(rebuilt(decoding.document)).toBe(BigInt(`0x${ordered.join('')}`));
        expectReadable(decoding);
      }),
      RUNS,
    );
  });
});

const windowAddress = fc.integer({ min: 0xfee00000, max: 0xfeefffff });
const message = fc.record({
  addressLow: fc.oneof(windowAddress, word),
  addressHigh: fc.oneof(fc.constant(0), word),
  data: word,
});
const reader = fc.constantFrom(null, 'x86' as const, 'vtd' as const, 'amdvi' as const);

test('any message can be read: the fields hold all of it, and the text is readable', () => {
  fc.assert(
    fc.property(message, reader, (m, as) => {
      const decoding = decodeMessage(m, as);
      expect(rebuilt(decoding.document)).toBe(whole([m.addressLow, m.addressHigh, m.data]));
      expect(decoding.document.others ?? []).not.toContainEqual(expect.objectContaining({ as }));
      expectReadable(decoding);
    }),
    RUNS,
  );
});

describe('the decoder and the units agree', () => {
  const EIME = { x2apic: '0x1000080f', xapic: '0x1000000f' } as const;
  const vtdSetup = (irta: string) => ({
    irEnabled: true,
    compatFormatAllowed: false,
    irta,
    tableReadable: true,
  });
  /** Entries that are mostly well formed: reserved bits clear unless noise sets one. */
  const lowWord = fc
    .tuple(word, word, fc.boolean())
    .map(([low, dest, clean]) =>
      clean ? [((low & 0x00ff00fd) | 1) >>> 0, dest & 0xff00] : [low, dest],
    );
  const highWord = fc
    .tuple(word, fc.boolean())
    .map(([high, clean]) => (clean ? high & 0xfffff : high));

  test('a violation in a present IRTE is fault 0x24, and only that', () => {
    fc.assert(
      fc.property(lowWord, highWord, mode, ([w0, w1], w2, apicMode) => {
        const lo = hex(whole([w0, w1]), 16);
        const result = decodeNumbers('irte', [hex(w2, 16), lo], apicMode);
        if (!result.ok) throw new Error(result.message);
        const { document } = result.decoding;
        const answer = translateVtdLine({
          id: 'x',
          setup: vtdSetup(EIME[apicMode]),
          table: [{ index: 3, lo, hi: hex(w2, 16) }],
          request: { sourceId: hex(w2 & 0xffff, 4), address: 'fee00078', data: '0' },
        });
        const refused = answer.outcome === 'blocked' ? answer.faultReason : '';
        if (!document.derived.present) expect(refused).toBe('0x22');
        else if (violationsOf(document).length > 0) expect(refused).toBe('0x24');
        else expect(['', '0x26']).toContain(refused);
        if (answer.outcome === 'remapped') expect(document.derived).toMatchObject(answer.message);
        if (answer.outcome === 'posted') expect(document.derived).toMatchObject(answer.message);
      }),
      { numRuns: 500 },
    );
  });

  test('a violation in a remappable message is the fault of the unit with the largest table', () => {
    fc.assert(
      fc.property(windowAddress, word, (address, data) => {
        const m = { addressLow: (address | 0x10) >>> 0, addressHigh: 0, data };
        const { document } = decodeMessage(m, null);
        const answer = translateVtdLine({
          id: 'x',
          setup: vtdSetup(EIME.x2apic),
          table: [],
          request: { sourceId: '0', address: hex(m.addressLow, 8), data: hex(data, 8) },
        });
        if (answer.outcome !== 'blocked') throw new Error('an empty table lets something pass');
        const [first = '0x22 irte-not-present'] = violationsOf(document);
        expect(`${answer.faultReason} ${answer.faultName}`).toBe(first);
        if (answer.faultReason === '0x22') expect(answer.faultIndex).toBe(document.derived.index);
      }),
      RUNS,
    );
  });

  test('what an AMD-Vi unit refuses in a message is a violation, what it maps an index', () => {
    fc.assert(
      fc.property(windowAddress, word, (address, data) => {
        const m = { addressLow: address, addressHigh: 0, data };
        const { document } = decodeMessage(m, 'amdvi');
        const answer = translateAmdLine({
          id: 'x',
          setup: {
            deviceTablePresent: true,
            gaEnabled: false,
            x2apicSupport: false,
            dteReadable: true,
            irtReadable: true,
          },
          // IV, 2048 entries, remap; INIT, ExtINT and NMI pass.
          dte: { raw: ['0x3', '0x0', '0x2700000012345f97', '0x0'] },
          table: [{ index: data & 0x7ff, val: '0x00220201' }],
          request: { deviceId: '0x0200', address: hex(address, 8), data: hex(data, 8) },
        });
        const faults = violationsOf(document);
        if (answer.outcome === 'blocked')
          expect(faults).toEqual([`${answer.event} ${answer.faultName}`]);
        else expect(faults).toEqual([]);
        const said = readingText('amdvi', m);
        if (answer.outcome === 'remapped') expect(said).toMatch(`entry ${document.derived.index} `);
        if (answer.outcome === 'passthrough') expect(said).toMatch(/^(NMI|INIT|EXTINT), no index/);
      }),
      RUNS,
    );
  });
});
