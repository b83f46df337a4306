import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { IMS_CONTROL } from '../../src/arch/store.ts';
import { encode } from '../../src/bits/layout.ts';
import type { DeviceSpec } from '../../src/model/machine.ts';
import { REG } from '../../src/model/op.ts';
import {
  initialStore,
  isMasked,
  messageOf,
  raise,
  refreshCopies,
  type StoreState,
  takeUnmasked,
  writeFunction,
  writeSlot,
} from '../../src/units/store.ts';
import { deviceOf } from './store-scene.ts';

const NONE = -1;
const LOW = 0xfee01000;

function enabled(device: DeviceSpec): StoreState {
  const store = initialStore(device);
  writeFunction(store, 'enable', 1);
  return store;
}

describe('MSI capability', () => {
  test('a message has whole-word addresses and 16 bits of data, whatever is written', () => {
    const device = deviceOf('msi');
    const word = fc.integer({ min: 0, max: 0xffffffff });
    fc.assert(
      fc.property(word, word, word, (low, high, data) => {
        const store = enabled(device);
        const { after } = writeSlot(device, store, { slot: 0, first: 0, words: [low, high, data] });
        const sent = { addressLow: (low & ~3) >>> 0, addressHigh: high, data: data & 0xffff };
        expect(after).toEqual(Object.values(sent));
        expect(raise(device, store, 0, NONE)).toEqual({ kind: 'sent', message: sent });
      }),
    );
  });

  test.each([
    [1, 3, 0x40],
    [2, 1, 0x41],
    [2, 3, 0x41],
    [4, 3, 0x43],
    [8, 3, 0x43],
  ])('granted %i vectors, interrupt %i is sent with data %i', (multiple, slot, data) => {
    const device = deviceOf('msi');
    const store = enabled(device);
    writeSlot(device, store, { slot: 0, first: 0, words: [LOW, 0, 0x40] });
    writeFunction(store, 'multiple', multiple);
    expect(messageOf(device, store, slot)).toEqual({ addressLow: LOW, addressHigh: 0, data });
  });

  test('low data bits are replaced, not added: the block has to be aligned', () => {
    const device = deviceOf('msi');
    const store = enabled(device);
    writeSlot(device, store, { slot: 0, first: 0, words: [LOW, 0, 0x43] });
    writeFunction(store, 'multiple', 4);
    expect([0, 1, 2, 3].map(slot => messageOf(device, store, slot).data)).toEqual([
      0x40, 0x41, 0x42, 0x43,
    ]);
  });

  test('each vector has its own mask and pending bit, where the function has masks', () => {
    for (const maskable of [true, false]) {
      const device = deviceOf('msi', { maskable });
      const store = enabled(device);
      writeFunction(store, 'multiple', 4);
      writeSlot(device, store, { slot: 0, first: REG.control, words: [0b0101] });
      const held = [0, 1, 2, 3].map(slot => raise(device, store, slot, NONE).kind);
      expect(held).toEqual(
        maskable ? ['pending', 'sent', 'pending', 'sent'] : ['sent', 'sent', 'sent', 'sent'],
      );
      expect(store.pending).toEqual(maskable ? [1, 0, 1, 0] : [0, 0, 0, 0]);
      writeSlot(device, store, { slot: 0, first: REG.control, words: [0b0001] });
      expect(takeUnmasked(device, store)).toEqual(maskable ? [2] : []);
    }
  });
});

describe('MSI-X', () => {
  test('the mask of the function holds all entries, that of an entry one', () => {
    const device = deviceOf('msix');
    const store = enabled(device);
    for (const slot of [0, 1]) writeSlot(device, store, { slot, first: REG.control, words: [0] });
    writeFunction(store, 'functionMask', 1);
    expect([0, 1, 2].map(slot => raise(device, store, slot, NONE).kind)).toEqual([
      'pending',
      'pending',
      'pending',
    ]);
    writeFunction(store, 'functionMask', 0);
    expect(takeUnmasked(device, store)).toEqual([0, 1]);
    expect(store.pending).toEqual([0, 0, 1, 0]);
  });

  test('a device that keeps copies sends the one it took while it was masked', () => {
    const device = deviceOf('msix', { cachesMessage: true });
    const store = enabled(device);
    const set = (words: number[], first = 0) => {
      writeSlot(device, store, { slot: 0, first, words });
      refreshCopies(device, store);
    };
    set([LOW, 0, 0x41]);
    set([0], REG.control);
    set([LOW, 0, 0x42]);
    expect(messageOf(device, store, 0).data).toBe(0x41);
    set([1], REG.control);
    expect(messageOf(device, store, 0).data).toBe(0x42);
  });
});

describe('slots in the device', () => {
  const control = (more: object) => encode(IMS_CONTROL, more)[0];

  test.each<[string, boolean, object, number, string]>([
    ['the right one', true, { pasidEnable: 1, pasid: 7 }, 7, 'sent'],
    ['another', true, { pasidEnable: 1, pasid: 7 }, 8, 'pasid-mismatch'],
    ['none', true, { pasidEnable: 1, pasid: 7 }, NONE, 'pasid-mismatch'],
    ['any, where the slot asks for none', true, { pasid: 7 }, 8, 'sent'],
    ['any, where the device does not look', false, { pasidEnable: 1, pasid: 7 }, 8, 'sent'],
    ['the largest', true, { pasidEnable: 1, pasid: 0xfffff }, 0xfffff, 'sent'],
  ])('PASID of the submitter: %s', (_name, checksPasid, word, pasid, outcome) => {
    const device = deviceOf('ims-device', { checksPasid });
    const store = initialStore(device);
    writeSlot(device, store, { slot: 0, first: REG.control, words: [control(word)] });
    expect(raise(device, store, 0, pasid).kind).toBe(outcome);
  });

  test('the pending bit is the device’s: software reads it, and cannot write it', () => {
    const device = deviceOf('ims-device');
    const store = initialStore(device);
    const read = () => store.slots[0][REG.control];
    const write = (word: object) =>
      writeSlot(device, store, { slot: 0, first: REG.control, words: [control(word)] });
    write({ mask: 1, pending: 1 });
    expect(read()).toBe(control({ mask: 1 }));
    raise(device, store, 0, NONE);
    expect(read()).toBe(control({ mask: 1, pending: 1 }));
    write({ mask: 0 });
    expect(read()).toBe(control({ pending: 1 }));
    expect(takeUnmasked(device, store)).toEqual([0]);
    expect(read()).toBe(0);
  });
});

test('an HPET sends with interrupts enabled and as messages, and remembers nothing', () => {
  const device = deviceOf('hpet');
  for (const [word, outcome] of [
    [0, 'ignored'],
    [1 << 2, 'ignored'],
    [1 << 14, 'ignored'],
    [(1 << 2) | (1 << 14), 'sent'],
  ] as const) {
    const store = initialStore(device);
    writeSlot(device, store, { slot: 0, first: REG.control, words: [word] });
    expect(raise(device, store, 0, NONE).kind).toBe(outcome);
    expect(store.pending).toEqual([0, 0, 0, 0]);
    expect(isMasked(device, store, 0)).toBe(outcome === 'ignored');
  }
});

describe('reset', () => {
  test.each([
    ['msi', 'disabled'],
    ['msix', 'disabled'],
    ['ims-device', 'pending'],
    ['ioapic', 'ignored'],
    ['hpet', 'ignored'],
  ] as const)('%s: a raise is %s', (kind, outcome) => {
    const device = deviceOf(kind);
    expect(raise(device, initialStore(device), 0, NONE).kind).toBe(outcome);
  });
});
