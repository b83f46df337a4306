import { describe, expect, test } from 'vitest';
import { type SlotAt, STORAGE } from '../../src/domains/storage.ts';
import { HOST, STORE_KINDS, type StoreKind } from '../../src/model/machine.ts';
import { compatMessage, ZERO_MESSAGE } from '../../src/model/message.ts';
import type { Op } from '../../src/model/op.ts';
import type { Message } from '../../src/model/wire.ts';
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
import { play, recordsOf, servicedOf } from '../engine/play.ts';
import { deviceOf } from '../units/store-scene.ts';
import { type Access, TRAITS } from './store-traits.ts';

const to = (vector: number): Message => compatMessage({ dest: 1, destMode: 0, vector });
const FIRST = to(0x31);
const SECOND = to(0x42);
const SLOT = 0;

/** The device of a kind that can be masked where such devices exist, and its store after a reset. */
function fresh(kind: StoreKind) {
  const device = deviceOf(kind, { maskable: true });
  return { device, store: initialStore(device) };
}

type Device = ReturnType<typeof fresh>['device'];

/** Software puts a message into the slot, switches the function on, and lets the slot go. */
function put(device: Device, store: StoreState, message: Message): void {
  const at = slotAt(device, { masked: false, live: false });
  const { before, after } = STORAGE[device.store].enable(at, { on: true, unused: [] });
  const ops = [...before, ...STORAGE[device.store].write(at, message), ...after];
  for (const op of ops) carryOut(device, store, op);
}

function carryOut(device: Device, store: StoreState, op: Op): void {
  if (op.op === 'store') writeSlot(device, store, op);
  if (op.op === 'function') writeFunction(store, op.reg, op.value);
  refreshCopies(device, store);
}

const slotAt = (device: Device, how: { masked: boolean; live: boolean }): SlotAt => ({
  by: HOST,
  device,
  deviceIndex: 0,
  slot: SLOT,
  message: null,
  maskedOthers: 0,
  granted: 1,
  maskWhileWriting: true,
  ...how,
});

/** Raises are made on nobody's behalf. */
const raised = (device: Device, store: StoreState) => raise(device, store, SLOT, -1);

describe.each(STORE_KINDS.map(kind => ({ kind, ...TRAITS[kind] })))('$kind', traits => {
  const { kind, control, controlAt, remembers, switched } = traits;

  /** A store that holds `FIRST` and may send it. */
  function armed() {
    const { device, store } = fresh(kind);
    put(device, store, FIRST);
    return { device, store };
  }

  function setMask(device: Device, store: StoreState, on: boolean): void {
    if (!control) throw new Error('there is no mask');
    const word = on ? control.masked : control.open;
    const kept = controlAt === 0 ? store.slots[SLOT][0] & ~control.masked : 0;
    writeSlot(device, store, { slot: SLOT, first: controlAt, words: [(kept | word) >>> 0] });
    refreshCopies(device, store);
  }

  test('after a reset nothing of meaning is sent', () => {
    const { device, store } = fresh(kind);
    const outcome = raised(device, store);
    expect(outcome).toEqual(
      switched
        ? { kind: 'disabled' }
        : control
          ? { kind: remembers ? 'pending' : 'ignored' }
          : { kind: 'sent', message: ZERO_MESSAGE },
    );
  });

  test('what was put in is sent, bit for bit', () => {
    const { device, store } = armed();
    expect(messageOf(device, store, SLOT)).toEqual(FIRST);
    expect(raised(device, store)).toEqual({ kind: 'sent', message: FIRST });
    expect(store.pending[SLOT]).toBe(0);
  });

  const masks = control ? ['with its mask set'] : [];
  test.each(masks)('%s it sends nothing; two raises are one, or none', () => {
    const { device, store } = armed();
    setMask(device, store, true);
    expect(isMasked(device, store, SLOT)).toBe(true);
    for (let i = 0; i < 2; i++)
      expect(raised(device, store)).toEqual({ kind: remembers ? 'pending' : 'ignored' });
    expect(takeUnmasked(device, store)).toEqual([]);
    setMask(device, store, false);
    expect(isMasked(device, store, SLOT)).toBe(false);
    expect(takeUnmasked(device, store)).toEqual(remembers ? [SLOT] : []);
    expect(takeUnmasked(device, store)).toEqual([]);
    expect(store.pending[SLOT]).toBe(0);
  });

  test.each(masks)('%s its message is changed: what is sent then is the new one', () => {
    const { device, store } = armed();
    setMask(device, store, true);
    raised(device, store);
    for (const op of STORAGE[kind].write(slotAt(device, { masked: true, live: false }), SECOND))
      carryOut(device, store, op);
    expect(isMasked(device, store, SLOT)).toBe(true);
    expect(store.pending[SLOT]).toBe(remembers ? 1 : 0);
    setMask(device, store, false);
    expect(messageOf(device, store, SLOT)).toEqual(SECOND);
    expect(takeUnmasked(device, store)).toEqual(remembers ? [SLOT] : []);
  });

  const switches = switched ? ['switched off'] : [];
  test.each(switches)('%s it sends nothing, and forgets nothing that waits', () => {
    const { device, store } = armed();
    setMask(device, store, true);
    raised(device, store);
    writeFunction(store, 'enable', 0);
    setMask(device, store, false);
    expect(raised(device, store)).toEqual({ kind: 'disabled' });
    expect(takeUnmasked(device, store)).toEqual([]);
    writeFunction(store, 'enable', 1);
    expect(takeUnmasked(device, store)).toEqual([SLOT]);
  });

  /** Accesses of the script's one device, as its registers are called. */
  function accesses(steps: object[], from: number): Access[] {
    const dev = { bdf: '03:00.0', store: kind, ...traits.device };
    const run = play({
      platform: { preset: 'x86-bare', ims: 'tglx-2020' },
      devices: { dev },
      steps,
    });
    return recordsOf(run, 'write')
      .filter(({ seq }) => seq >= (recordsOf(run, 'step')[from]?.seq ?? 0))
      .flatMap((record): Access[] => {
        if (record.unit === 'function')
          return [(['enable', 'functionMask'] as const)[record.first]];
        if (record.unit !== 'store') return [];
        return record.after.length > 1
          ? ['message']
          : [(['lo', 'hi', 'data', 'ctrl'] as const)[record.first]];
      });
  }

  const start = [{ allocate: { irq: 'dev.0', cpu: 'p0' } }, { store: 'dev.0' }];

  test('the first message is put in place in the kernel’s order', () => {
    expect(accesses(start, 1)).toEqual(traits.first);
  });

  test('a live message is replaced in the kernel’s order', () => {
    const steps = [...start, { affinity: { irq: 'dev.0', cpu: 'p1' } }];
    expect(accesses(steps, 2)).toEqual(traits.live);
  });

  test('after a free the slot holds zeros, and raises nothing', () => {
    const devices = { dev: { bdf: '03:00.0', store: kind } };
    const run = play({
      platform: { preset: 'x86-bare', ims: 'tglx-2020' },
      devices,
      steps: [...start, { raise: 'dev.0' }, { free: 'dev.0' }, { raise: 'dev.0' }],
    });
    const [lo, hi, data] = run.state.stores[0].slots[0];
    const [device] = run.scenario.machine.devices;
    expect(hi).toBe(0);
    if (kind === 'ioapic') expect(isMasked(device, run.state.stores[0], 0)).toBe(true);
    else expect([lo, data]).toEqual([0, 0]);
    expect(servicedOf(run)).toEqual(['p0 dev.0 handled']);
  });
});
