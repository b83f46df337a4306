import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RTE, RTE_REMAPPABLE } from '../../src/arch/ioapic.ts';
import { encode, get } from '../../src/bits/layout.ts';
import { hex64 } from '../../src/bits/word.ts';
import { amdMessage, compatMessage, remappableMessage } from '../../src/model/message.ts';
import { initialStore, raise, takeUnmasked, writeSlot } from '../../src/units/store.ts';
import { endLevel, rteFor, rteMessage } from '../../src/units/store-ioapic.ts';
import { deviceOf } from './store-scene.ts';

const quad = ([low, high]: readonly number[]): string => hex64(high, low);
const PIN = { pin: 4, masked: false, level: false };

describe('redirection table entries', () => {
  test.each([
    ['compatibility', compatMessage({ dest: 2, destMode: 0, vector: 0x31 }), '0200000000000031'],
    ['logical set', compatMessage({ dest: 3, destMode: 1, vector: 0x31 }), '0300000000000831'],
    ['15-bit id', compatMessage({ dest: 0x1234, destMode: 0, vector: 0x31 }), '3424000000000031'],
    ['remappable, index 43', remappableMessage(43, 0), '0057000000000004'],
    ['remappable, index 0x8000', remappableMessage(0x8000, 0), '0001000000000804'],
    ['remappable, index 0xffff', remappableMessage(0xffff, 0), 'ffff000000000804'],
    ['AMD-Vi, index 4', amdMessage(4), '0000000000000004'],
    ['AMD-Vi, index 0x104: bits 10:8', amdMessage(0x104), '0000000000000104'],
  ])('%s', (_name, message, words) => {
    expect(quad(rteFor(message, PIN))).toBe(words);
  });

  test('mask and trigger mode are bits 16 and 15', () => {
    const message = compatMessage({ dest: 0, destMode: 0, vector: 0x31 });
    expect(quad(rteFor(message, { ...PIN, masked: true, level: true }))).toBe('0000000000018031');
  });

  test('a pin sends what its entry was made from, with the trigger mode of the pin', () => {
    const dest = fc.nat(0x7fff);
    const vector = fc.integer({ min: 0x10, max: 0xff });
    fc.assert(
      fc.property(dest, vector, fc.nat(1), fc.boolean(), (id, v, destMode, level) => {
        const message = compatMessage({ dest: id, destMode, vector: v });
        const sent = rteMessage(rteFor(message, { ...PIN, level }));
        expect(sent).toEqual({ ...message, data: v | (level ? 0xc000 : 0) });
      }),
    );
  });

  test('in remappable format SHV is 0 and the data word carries the pin’s own vector', () => {
    fc.assert(
      fc.property(fc.nat(0xffff), index => {
        const words = rteFor(remappableMessage(index), PIN);
        expect(get(words, RTE_REMAPPABLE.fields.index)).toBe(index);
        const { addressLow, data } = rteMessage(words);
        expect(addressLow).toBe(remappableMessage(index, 0).addressLow);
        expect([addressLow & 8, data]).toEqual([0, PIN.pin]);
      }),
    );
  });
});

describe('pins', () => {
  const device = deviceOf('ioapic');
  function pin(fields: object) {
    const store = initialStore(device);
    writeSlot(device, store, {
      slot: 0,
      first: 0,
      words: encode(RTE, { vector: 0x31, ...fields }),
    });
    return store;
  }
  const outcomes = (store: ReturnType<typeof pin>, times: number) =>
    Array.from({ length: times }, () => raise(device, store, 0, -1).kind);

  test('an edge is sent each time, and lost while it is masked', () => {
    const store = pin({});
    expect(outcomes(store, 2)).toEqual(['sent', 'sent']);
    writeSlot(device, store, { slot: 0, first: 0, words: encode(RTE, { vector: 0x31, mask: 1 }) });
    expect(outcomes(store, 1)).toEqual(['ignored']);
    writeSlot(device, store, { slot: 0, first: 0, words: encode(RTE, { vector: 0x31 }) });
    expect(takeUnmasked(device, store)).toEqual([]);
  });

  test('a level is sent once until it is ended', () => {
    const store = pin({ triggerMode: 1 });
    expect(outcomes(store, 3)).toEqual(['sent', 'pending', 'pending']);
    expect(get(store.slots[0], RTE.fields.remoteIrr)).toBe(1);
    expect(takeUnmasked(device, store)).toEqual([]);
    expect(endLevel(store.slots, 0x32)).toEqual([]);
    expect(endLevel(store.slots, 0x31)).toEqual([0]);
    expect(takeUnmasked(device, store)).toEqual([0]);
  });

  test('a level that came while masked is sent when the mask goes', () => {
    const store = pin({ triggerMode: 1, mask: 1 });
    expect(outcomes(store, 1)).toEqual(['pending']);
    writeSlot(device, store, {
      slot: 0,
      first: 0,
      words: encode(RTE, { vector: 0x31, triggerMode: 1 }),
    });
    expect(takeUnmasked(device, store)).toEqual([0]);
  });

  test('an end of a vector says nothing to edge-triggered pins', () => {
    const store = pin({});
    raise(device, store, 0, -1);
    expect(endLevel(store.slots, 0x31)).toEqual([]);
  });

  test('software cannot write what hardware keeps; making the pin edge-triggered ends it', () => {
    const store = pin({ triggerMode: 1 });
    raise(device, store, 0, -1);
    const level = encode(RTE, { vector: 0x31, triggerMode: 1 });
    writeSlot(device, store, { slot: 0, first: 0, words: level });
    expect(get(store.slots[0], RTE.fields.remoteIrr)).toBe(1);
    writeSlot(device, store, { slot: 0, first: 0, words: encode(RTE, { vector: 0x31 }) });
    expect(get(store.slots[0], RTE.fields.remoteIrr)).toBe(0);
    const forged = encode(RTE, { vector: 0x31, remoteIrr: 1, status: 1, triggerMode: 1 });
    writeSlot(device, store, { slot: 0, first: 0, words: forged });
    expect(store.slots[0].slice(0, 2)).toEqual(level);
  });
});
