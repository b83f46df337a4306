import { describe, expect, test } from 'vitest';
import { isBadLine } from '../../src/runner/bad-line.ts';
import { translateAmdLine } from '../../src/runner/translate-amdvi.ts';
import type { TranslateProfile } from '../../src/runner/translate-fields.ts';
import { translateVtdLine } from '../../src/runner/translate-vtd.ts';
import { sharedLines, testShared } from '../shared.ts';

type Answers = Record<string, unknown>;

/** A line of a vector file: the question, and the answers kept apart. */
interface Vector {
  readonly question: Record<string, unknown>;
  readonly expect: Answers | null;
  readonly emulator: Answers;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

const vectors = (path: string): Vector[] =>
  (sharedLines(path) ?? []).filter(isRecord).map(line => {
    const { expect: expected, emulator, note, spec, agreesWithSpec, grade, ...question } = line;
    return {
      question,
      expect: isRecord(expected) ? expected : null,
      emulator: isRecord(emulator) ? emulator : {},
    };
  });

/** Keys of the emulator's answer that are about the emulator's insides. */
const INSIDES = ['emulatorRaw', 'emulatorCode'];

const withoutInsides = (answer: Answers): Answers =>
  Object.fromEntries(Object.entries(answer).filter(([key]) => !INSIDES.includes(key)));

const UNITS = [
  { name: 'VT-d', path: 'vectors/vtd.jsonl.gz', translate: translateVtdLine },
  { name: 'AMD-Vi', path: 'vectors/amdvi.jsonl.gz', translate: translateAmdLine },
];

describe.each(UNITS)('$name vectors', ({ path, translate }) => {
  const all = vectors(path);
  /** The answers of a profile that do not hold all that a vector asks for, the first few. */
  const wrong = (profile: TranslateProfile, answerOf: (v: Vector) => Answers | null) =>
    all
      .filter(v => answerOf(v) !== null)
      .map(v => ({ wanted: answerOf(v), got: translate(v.question, profile) }))
      .filter(({ wanted, got }) => {
        try {
          expect(got).toMatchObject(wanted ?? {});
          return false;
        } catch {
          return true;
        }
      })
      .slice(0, 5);

  testShared(path)('every graded line agrees in profile spec', () => {
    expect(all.filter(v => v.expect !== null).length).toBeGreaterThan(2000);
    expect(wrong('spec', v => v.expect)).toEqual([]);
  });

  testShared(path)('every line agrees with the emulator in profile qemu', () => {
    expect(wrong('qemu', v => withoutInsides(v.emulator))).toEqual([]);
  });
});

const VTD_LINE = {
  id: 'v',
  setup: { irEnabled: true, compatFormatAllowed: false, irta: '0x12345803', tableReadable: true },
  table: [{ index: 3, lo: '0x0000000200220009', hi: '0x0000000000040200' }],
  request: { sourceId: '0x0200', address: '0xfee00078', data: '0x00000000' },
};

const AMD_LINE = {
  id: 'a',
  setup: {
    deviceTablePresent: true,
    gaEnabled: false,
    x2apicSupport: false,
    unitRemapCapable: true,
    dteReadable: true,
    irtReadable: true,
  },
  dte: { raw: ['0x3', '0x0', '0x2000000012345f93', '0x0'] },
  table: [{ index: 5, val: '0x00220201' }],
  request: { deviceId: '0x0200', address: '0xfee00000', data: '0x00000005' },
};

/** A copy of a line with one place changed; `path` as in the error's message. */
function changed(line: unknown, path: readonly string[], value: unknown): unknown {
  const copy: unknown = structuredClone(line);
  let place = copy;
  for (const key of path.slice(0, -1)) place = isRecord(place) ? place[key] : undefined;
  if (isRecord(place)) place[path[path.length - 1]] = value;
  return copy;
}

test.each<[string, string[], unknown, object]>([
  ['remapped', [], null, { outcome: 'remapped', message: { vector: 0x22, dest: 2 } }],
  [
    'blocked, with the record a driver would find',
    ['request', 'sourceId'],
    '0x0300',
    {
      outcome: 'blocked',
      faultReason: '0x26',
      faultName: 'source-id-check-failed',
      recorded: true,
      faultSourceId: '0x0300',
      faultIndex: 3,
    },
  ],
  [
    'an address of more than 32 bits',
    ['request', 'address'],
    '0x1fee00078',
    { outcome: 'blocked', faultReason: '0x20' },
  ],
  [
    'posted',
    ['table', '0', 'lo'],
    '0x234567c000418001',
    { outcome: 'posted', message: { descriptor: '0x00000000234567c0', vector: 0x41, urgent: 0 } },
  ],
])('VT-d line: %s', (_name, path, value, answer) => {
  const line = path.length === 0 ? VTD_LINE : changed(VTD_LINE, path, value);
  expect(translateVtdLine(line)).toMatchObject({ id: 'v', ...answer });
});

/** The same line without some keys of a part. */
function without(line: unknown, part: string, keys: readonly string[]): unknown {
  const copy: unknown = structuredClone(line);
  const place = isRecord(copy) ? copy[part] : null;
  if (isRecord(place)) for (const key of keys) delete place[key];
  return copy;
}

describe('keys that may be left out', () => {
  test('VT-d: memory can be read, compatibility format is blocked, the table is empty', () => {
    const line = without(VTD_LINE, 'setup', ['tableReadable', 'compatFormatAllowed']);
    expect(translateVtdLine(line)).toEqual(translateVtdLine(VTD_LINE));
    const compat = changed(line, ['request', 'address'], '0xfee00000');
    expect(translateVtdLine(compat)).toMatchObject({ faultReason: '0x25' });
    const { table, ...empty } = VTD_LINE;
    expect(translateVtdLine(empty)).toMatchObject({ faultReason: '0x22' });
  });

  test('VT-d: the table pointer may be given by its fields', () => {
    const bare = without(VTD_LINE, 'setup', ['irta']);
    const fields = { entries: 16, x2apicMode: true, root: '0x12345000' };
    const by = (more: object) =>
      translateVtdLine(changed(bare, ['setup'], { ...VTD_LINE.setup, irta: undefined, ...more }));
    expect(by(fields)).toEqual(translateVtdLine(VTD_LINE));
    expect(by({ ...fields, root: undefined })).toEqual(translateVtdLine(VTD_LINE));
    expect(by({ ...fields, entries: 2 })).toMatchObject({ faultReason: '0x21' });
    expect(by({ ...fields, x2apicMode: false })).toMatchObject({ faultReason: '0x24' });
  });

  test('the register counts where both are given', () => {
    const setup = { ...VTD_LINE.setup, entries: 2, x2apicMode: false };
    expect(translateVtdLine({ ...VTD_LINE, setup })).toEqual(translateVtdLine(VTD_LINE));
  });

  const AMD_OPTIONAL = [
    'deviceTablePresent',
    'gaEnabled',
    'x2apicSupport',
    'unitRemapCapable',
    'dteReadable',
    'irtReadable',
  ];

  test('AMD-Vi: all of the setup, and the table', () => {
    const line = without(AMD_LINE, 'setup', AMD_OPTIONAL);
    expect(translateAmdLine(line)).toEqual(translateAmdLine(AMD_LINE));
    const { table, ...empty } = AMD_LINE;
    expect(translateAmdLine(empty)).toMatchObject({ faultName: 'irte-remap-disabled' });
  });

  test('AMD-Vi: the device table entry may be given by its fields', () => {
    const dte = { iv: 1, intTabLen: 9, intCtl: 2, intTableRoot: '0x12345f80' };
    const by = (more: object) => translateAmdLine({ ...AMD_LINE, dte: { ...dte, ...more } });
    expect(by({})).toEqual(translateAmdLine(AMD_LINE));
    expect(by({ iv: 0 })).toMatchObject({ outcome: 'passthrough' });
    expect(by({ intCtl: 0 })).toMatchObject({ faultName: 'intctl-abort' });
    expect(by({ intTabLen: 2 })).toMatchObject({ faultName: 'index-beyond-table' });
  });

  test('AMD-Vi: irteBits says what gaEnabled would', () => {
    const setup = { irteBits: 128 };
    const table = [{ index: 5, lo: '0x0000000000123401', hi: '0x22' }];
    expect(translateAmdLine({ ...AMD_LINE, setup, table })).toMatchObject({
      message: { vector: 0x22, dest: 0x34 },
    });
    const wide = { ...AMD_LINE, setup: { ...setup, x2apicSupport: true }, table };
    expect(translateAmdLine(wide)).toMatchObject({ message: { dest: 0x1234 } });
  });
});

test('VT-d line: a message that passes is printed as it came', () => {
  const off = changed(VTD_LINE, ['setup', 'irEnabled'], false);
  const message = { address: '0x1fee00078', data: '0x00000041' };
  const line = changed(off, ['request'], { sourceId: '0x0200', ...message });
  expect(translateVtdLine(line)).toEqual({ id: 'v', outcome: 'passthrough', message });
});

test.each<[string, string[], unknown, object]>([
  ['remapped', [], null, { outcome: 'remapped', message: { vector: 0x22, dest: 2, rqEoi: 0 } }],
  [
    'blocked, with the event a driver would find',
    ['table'],
    [],
    {
      outcome: 'blocked',
      reason: 'RemapEn=0 in the IRTE',
      faultName: 'irte-remap-disabled',
      event: 'IO_PAGE_FAULT',
      recorded: true,
    },
  ],
  ['no requester id', ['request', 'deviceId'], 'none', { outcome: 'remapped' }],
  ['a unit that cannot remap', ['setup', 'unitRemapCapable'], false, { outcome: 'passthrough' }],
])('AMD-Vi line: %s', (_name, path, value, answer) => {
  const line = path.length === 0 ? AMD_LINE : changed(AMD_LINE, path, value);
  expect(translateAmdLine(line)).toMatchObject({ id: 'a', ...answer });
});

type Fault = [line: unknown, path: string[], value: unknown, message: RegExp];

test.each<Fault>([
  [VTD_LINE, ['request', 'sourceId'], '0x10000', /^request\.sourceId: .*16 bits/],
  [VTD_LINE, ['request', 'sourceId'], 512, /^request\.sourceId: /],
  [VTD_LINE, ['request', 'data'], '0x100000000', /^request\.data: .*32 bits/],
  [VTD_LINE, ['request', 'address'], 'fee0000g', /^request\.address: .*hexadecimal/],
  [VTD_LINE, ['setup', 'irta'], undefined, /^setup\.irta: .*entries and x2apicMode/],
  [VTD_LINE, ['setup', 'entries'], 3, /^setup\.entries: .*power of two/],
  [VTD_LINE, ['setup', 'irta'], '0x1_0000_0000_0000_0000', /^setup\.irta: .*64 bits/],
  [VTD_LINE, ['setup', 'irEnabled'], 1, /^setup\.irEnabled: /],
  [VTD_LINE, ['table', '0', 'index'], 65536, /^table\[0\]\.index: /],
  [VTD_LINE, ['id'], 7, /^id: /],
])('malformed VT-d line %#', (line, path, value, message) => {
  expectBadLine(() => translateVtdLine(changed(line, path, value)), message);
});

test.each<Fault>([
  [AMD_LINE, ['dte', 'raw'], ['0x0'], /^dte\.raw: /],
  [AMD_LINE, ['dte'], {}, /^dte\.iv: .*raw is left out/],
  [AMD_LINE, ['dte'], { iv: 2 }, /^dte\.iv: /],
  [AMD_LINE, ['setup', 'irteBits'], 64, /^setup\.irteBits: /],
  [AMD_LINE, ['setup', 'gaEnabled'], true, /^table\[0\]: expected lo and hi/],
  [AMD_LINE, ['table'], [{ index: 0, lo: '0x0', hi: '0x0' }], /^table\[0\]: expected val/],
  [AMD_LINE, ['table', '0', 'index'], -1, /^table\[0\]/],
  [AMD_LINE, ['request', 'deviceId'], 'nobody', /^request\.deviceId: /],
  [AMD_LINE, ['request'], null, /^request: /],
])('malformed AMD-Vi line %#', (line, path, value, message) => {
  expectBadLine(() => translateAmdLine(changed(line, path, value)), message);
});

test.each([null, 7, 'line', []])('%j is no line', line => {
  expectBadLine(() => translateVtdLine(line), /^line: /);
  expectBadLine(() => translateAmdLine(line), /^line: /);
});

function expectBadLine(run: () => unknown, message: RegExp): void {
  let thrown: unknown;
  try {
    run();
  } catch (error) {
    thrown = error;
  }
  expect(isBadLine(thrown)).toBe(true);
  expect(thrown).toMatchObject({ message: expect.stringMatching(message) });
}
