import { describe, expect, test } from 'vitest';
import { AMD_IRTE32, DTE } from '../../src/arch/amdvi.ts';
import { AMD_STATUS } from '../../src/arch/amdvi-log.ts';
import { decode, encode, get, set } from '../../src/bits/layout.ts';
import type { Word } from '../../src/bits/word.ts';
import type { BlockedOutcome } from '../../src/model/remap.ts';
import {
  type AmdProfile,
  type AmdSpec,
  carryOutCommand,
  dropEvents,
  invalidateCommand,
  recordAmdEvent,
  writeAmdStatus,
} from '../../src/units/amdvi.ts';
import {
  DEVICE,
  DEVICE_TABLE_PAGE,
  ENTRY,
  entryOf,
  INDEX,
  OTHER_RID,
  RID,
  ROOT,
  type Scene,
  SHORT,
  scene,
  setDevice,
  translate,
} from './amdvi-scene.ts';

const faultOf = (s: Scene): BlockedOutcome => {
  const outcome = translate(s);
  if (outcome.kind !== 'blocked') throw new Error('not blocked');
  return outcome;
};
const record = (s: Scene) => recordAmdEvent(s.spec, s.state, { fault: faultOf(s), wire: s.wire });

interface Printed {
  readonly device: number;
  readonly domain: number;
  readonly code: number;
  readonly flags: number;
  readonly address: bigint;
}

/** How Linux prints an event: code and flags out of word 1, then the address. */
const printed = ([first, second, low, high]: readonly Word[]): Printed => ({
  device: first & 0xffff,
  domain: second & 0xffff,
  code: second >>> 28,
  flags: (second >>> 16) & 0xfff,
  address: (BigInt(high) << 32n) + BigInt(low),
});

describe('events', () => {
  test('an entry with RemapEn=0, as a real log shows it for 00:14.0', () => {
    const s = scene({ entry: [0] });
    s.state.deviceTable = { 160: encode(DTE, DEVICE) };
    s.wire = { ...s.wire, rid: 0x00a0, addressLow: 0xfee02000, data: 2 };
    expect(record(s)).toBe('recorded');
    expect(s.state.events.map(printed)).toEqual([
      { device: 0x00a0, domain: 0, code: 2, flags: 0x008, address: 0xfffffffdf8020200n },
    ]);
    expect(get([s.state.status], AMD_STATUS.fields.eventLogInt)).toBe(1);
  });

  test('IntCtl=00, as a real log shows it', () => {
    const s = scene();
    setDevice(s, 'intCtl', 0);
    s.wire = { ...s.wire, addressLow: 0xfee00000, data: 0 };
    expect(record(s)).toBe('recorded');
    expect(s.state.events.map(printed)).toEqual([
      { device: RID, domain: 0, code: 8, flags: 0xa00, address: 0xfffffffdf8000000n },
    ]);
  });

  const INTERRUPT = 0x008;
  const PRESENT = 0x010;
  const RESERVED = 0x080;
  const MASTER_ABORT = 0x200;
  test.each<[string, (s: Scene) => void, Partial<Printed>]>([
    [
      'unreadable device table',
      s => void s.state.unreadable.push(DEVICE_TABLE_PAGE + RID / 128),
      {
        code: 3,
        flags: INTERRUPT + MASTER_ABORT,
        address: BigInt(DEVICE_TABLE_PAGE * 4096 + RID * 32),
      },
    ],
    [
      'unreadable interrupt table',
      s => void s.state.unreadable.push(0x12345),
      {
        code: 4,
        flags: INTERRUPT + MASTER_ABORT,
        address: BigInt(0x12345f80 + INDEX * 4),
        domain: 9,
      },
    ],
    [
      'reserved bit of the device table entry',
      s => setDevice(s, 'rsvd2', 1),
      { code: 1, flags: INTERRUPT + RESERVED },
    ],
    ['reserved IntCtl', s => setDevice(s, 'intCtl', 3), { code: 1, flags: INTERRUPT + RESERVED }],
    ['reserved IntTabLen', s => setDevice(s, 'intTabLen', 15), { code: 1, flags: INTERRUPT }],
    [
      'index beyond the table',
      s => setDevice(s, 'intTabLen', 0),
      { code: 2, flags: INTERRUPT, domain: 9 },
    ],
    [
      'reserved interrupt type',
      s => {
        s.state.tables[ROOT][INDEX] = encode(AMD_IRTE32, { ...ENTRY, intType: 3 });
      },
      { code: 2, flags: INTERRUPT + PRESENT + RESERVED, domain: 9 },
    ],
  ])('%s', (_name, spoil, event) => {
    const s = scene();
    setDevice(s, 'domainId', 9);
    spoil(s);
    expect(faultOf(s)).toMatchObject({ code: event.code, recorded: true });
    expect(record(s)).toBe('recorded');
    expect(s.state.events.map(printed)).toMatchObject([{ device: RID, ...event }]);
  });

  test.each<[string, AmdProfile, (s: Scene) => void, boolean]>([
    ['SupIOPF', 'spec', s => set(s.state.tables[ROOT][INDEX], AMD_IRTE32.fields.supIoPf, 1), false],
    ['IG', 'spec', s => setDevice(s, 'ig', 1), false],
    ['neither', 'spec', () => {}, true],
    ['neither', 'qemu', () => {}, false],
  ])('%s keeps page faults out of the log (%s)', (_name, profile, spoil, logged) => {
    const s = scene({ entry: [0], profile });
    spoil(s);
    expect(faultOf(s)).toMatchObject({ fault: 'irte-remap-disabled', recorded: logged });
    expect(record(s)).toBe(logged ? 'recorded' : 'suppressed');
    expect(s.state.events).toHaveLength(logged ? 1 : 0);
  });

  test('IG does not silence other events', () => {
    const s = scene();
    setDevice(s, 'ig', 1);
    setDevice(s, 'intCtl', 0);
    expect(record(s)).toBe('recorded');
  });

  test('the emulator logs what is wrong with the device table, and nothing else', () => {
    const s = scene({ profile: 'qemu' });
    setDevice(s, 'intCtl', 0);
    expect(faultOf(s).recorded).toBe(false);
    setDevice(s, 'rsvd2', 1);
    expect(faultOf(s).recorded).toBe(true);
  });

  test('a full log loses events, says so, and stays stopped', () => {
    const s = scene({ entry: [0], eventLogSize: 2 });
    expect([record(s), record(s), record(s)]).toEqual(['recorded', 'recorded', 'overflow']);
    expect(s.state.events).toHaveLength(2);
    s.state.events = [];
    expect(record(s)).toBe('overflow');
    expect(get([s.state.status], AMD_STATUS.fields.eventOverflow)).toBe(1);
    s.state.status = 0;
    expect(record(s)).toBe('recorded');
  });
});

describe('the log and its driver', () => {
  /** Refusals of several requesters, each told by its id. */
  function log(eventLogSize: number) {
    const s = scene({ entry: [0], eventLogSize });
    const refuse = (rid: number) => {
      s.state.deviceTable[rid] = encode(DTE, DEVICE);
      s.wire = { ...s.wire, rid };
      return record(s);
    };
    const devices = () => s.state.events.map(words => printed(words).device);
    const status = () => decode(AMD_STATUS, [s.state.status]);
    return { s, refuse, devices, status };
  }

  test('events are read in the order they came, round and round', () => {
    const { s, refuse, devices } = log(3);
    for (const rid of [1, 2, 3]) expect(refuse(rid)).toBe('recorded');
    dropEvents(s.state, 2);
    for (const rid of [4, 5]) expect(refuse(rid)).toBe('recorded');
    expect(devices()).toEqual([3, 4, 5]);
    dropEvents(s.state, 3);
    expect(refuse(6)).toBe('recorded');
    expect(devices()).toEqual([6]);
  });

  test('after an overflow reading is not enough: logging stands still until it is cleared', () => {
    const { s, refuse, devices, status } = log(1);
    expect([refuse(1), refuse(2)]).toEqual(['recorded', 'overflow']);
    expect(status()).toMatchObject({ eventOverflow: 1, eventLogInt: 1 });
    dropEvents(s.state, 1);
    expect(refuse(3)).toBe('overflow');
    writeAmdStatus(s.state, 1);
    expect(status()).toMatchObject({ eventOverflow: 0, eventLogInt: 1 });
    expect(refuse(4)).toBe('recorded');
    expect(devices()).toEqual([4]);
  });

  test('ones clear status bits, zeros leave them', () => {
    const { s, refuse, status } = log(1);
    refuse(1);
    writeAmdStatus(s.state, 0);
    expect(status()).toMatchObject({ eventOverflow: 0, eventLogInt: 1 });
    writeAmdStatus(s.state, 2);
    expect(status()).toMatchObject({ eventOverflow: 0, eventLogInt: 0 });
  });
});

describe('entry cache', () => {
  const NEW = encode(AMD_IRTE32, { ...ENTRY, vector: 0x33 });
  /** Both requesters share the table, have used the entry, and then it changed. */
  const warm = (cache: AmdSpec['cache'], before: readonly Word[] = SHORT): Scene => {
    const s = scene({ cache, entry: before });
    s.state.deviceTable[OTHER_RID] = encode(DTE, DEVICE);
    for (const rid of [OTHER_RID, RID]) translate(Object.assign(s, { wire: { ...s.wire, rid } }));
    s.state.tables[ROOT][INDEX] = [...NEW];
    return s;
  };
  const vectorOf = (s: Scene, picks: number[] = []) => {
    const outcome = translate(s, picks);
    return outcome.kind === 'remapped' ? outcome.request.vector : outcome.kind;
  };

  test.each<[AmdSpec['cache'], number[], number]>([
    ['never', [], 0x33],
    ['always', [], 0x22],
    ['either', [1], 0x22],
    ['either', [0], 0x33],
  ])('%s, choosing %j: vector %i', (cache, picks, vector) => {
    expect(vectorOf(warm(cache), picks)).toBe(vector);
  });

  test.each([
    ['its own id', RID, 0x33],
    ['every id', -1, 0x33],
    ['the other id of the same table', OTHER_RID, 0x22],
  ])('invalidating %s: vector %i', (_name, device, vector) => {
    const s = warm('always');
    expect(carryOutCommand(s.state, invalidateCommand(device))).toBe(true);
    expect(vectorOf(s)).toBe(vector);
  });

  test('a freed entry still works until it is invalidated', () => {
    const s = warm('always');
    s.state.tables[ROOT][INDEX] = [0];
    expect(vectorOf(s)).toBe(0x22);
    carryOutCommand(s.state, invalidateCommand(RID));
    expect(vectorOf(s)).toBe('blocked');
  });

  test('a cached entry is a copy', () => {
    const s = scene({ cache: 'always' });
    translate(s);
    set(entryOf(s), AMD_IRTE32.fields.vector, 0x33);
    expect(vectorOf(s)).toBe(0x22);
  });

  test('entries with RemapEn=0 are not cached', () => {
    expect(vectorOf(warm('always', [0]))).toBe(0x33);
  });
});
