import { describe, expect, test } from 'vitest';
import { runCli } from './cli.ts';

/** The document of a run that must succeed. */
function json(args: readonly string[], stdin = '') {
  const { code, stdout, stderr } = runCli(['decode', ...args, '--json'], stdin);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const document: Record<string, unknown> = JSON.parse(stdout);
  return document;
}

const FAULT = 'DMAR: [INTR-REMAP] Request device [02:00.0] fault index 0x2b [fault reason 0x26]';
const EVENT =
  'iommu ivhd1: AMD-Vi: Event logged [INVALID_DEVICE_REQUEST device=0000:00:00.0 pasid=0x00000 address=0xfffffffdf8000000 flags=0x0a00]';

describe('decode --json', () => {
  test('one document with the promised keys', () => {
    const document = json(['fee00578', '0']);
    expect(document).toMatchObject({
      format: 'irqscope-decode/1',
      kind: 'message',
      source: '[VTD 5.1.2.2]',
      summary: 'remappable format: index 43',
      problems: [],
    });
    expect(document.fields).toContainEqual({
      name: 'handle',
      bits: '19:5,2',
      part: 'address',
      value: 43,
      hex: '0x002b',
      meaning: 'index 43',
      text: 'handle: index of the table entry',
    });
  });

  test.each<[string, string[], object]>([
    [
      'message as another unit',
      ['fee00000', '5', '--as', 'amdvi'],
      { as: 'amdvi', derived: { index: 5 } },
    ],
    [
      'entry, HIGH LOW',
      ['irte', '0000000000040200', '0000000200220009'],
      { kind: 'irte', apicMode: 'x2apic', derived: { vector: 0x22, dest: 2, sid: '02:00.0' } },
    ],
    [
      'entry in xAPIC mode',
      ['irte', '0x40200', '0x000002000022000d', '--xapic'],
      { apicMode: 'xapic', derived: { dest: 2, destMode: 1 } },
    ],
    ['flags may come first', ['--xapic', 'amd-irte', '22', '123401'], { derived: { dest: 0x34 } }],
    [
      'a log line is the document of its entry, and has the list of entries as well',
      [FAULT],
      {
        kind: 'fault',
        derived: { requester: '02:00.0', reason: '0x26', index: 43 },
        entries: [{ kind: 'fault', log: { line: 1, dialect: 'linux' } }],
        unknown: [],
      },
    ],
    ['a log line without quotes', FAULT.split(' '), { kind: 'fault', derived: { index: 43 } }],
    [
      'an AMD-Vi line that does not name its device',
      ['AMD-Vi: Event logged [IO_PAGE_FAULT domain=0x0 address=0xfffffffdf8020200 flags=0x0008]'],
      {
        kind: 'event',
        summary: 'IO_PAGE_FAULT: requester not named asked for vector 0x02 to APIC 2',
        derived: { requester: 'not named', vector: 2, dest: 2 },
      },
    ],
    ['an AMD-Vi line', [EVENT], { kind: 'event', derived: { event: 'INVALID_DEVICE_REQUEST' } }],
    [
      'an interrupt without a handler',
      ['__common_interrupt: 3.34 No irq handler for vector'],
      { kind: 'spurious', derived: { cpu: 3, vector: 34 } },
    ],
  ])('%s', (_name, args, document) => {
    expect(json(args)).toMatchObject(document);
  });

  test('standard input of several lines', () => {
    const document = json(['-'], `${FAULT}\n\nDMAR: DRHD: handling fault status reg 3\n${EVENT}\n`);
    expect(document).toMatchObject({
      kind: 'log',
      summary: '3 entries, 0 unknown lines',
      entries: [
        { kind: 'fault', log: { line: 1 } },
        { kind: 'fault-status', log: { line: 3 }, derived: { overflow: true, pending: true } },
        { kind: 'event', log: { line: 4 } },
      ],
    });
  });
});

describe('decode for people', () => {
  test('says which format was read, why, and what others make of it', () => {
    const { code, stdout } = runCli(['decode', 'fee00000', '20']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^compatibility format message .*\n.*address bit 4.* is 0/);
    expect(stdout).toMatch(/vector 0x20 to APIC 0/);
    expect(stdout).toMatch(/VT-d .*0x25 compat-format-blocked/);
    expect(stdout).toMatch(/AMD-Vi .*entry 32/);
  });

  test('outside the window', () => {
    const { code, stdout } = runCli(['decode', 'fed00000', '20']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/not an interrupt/);
  });

  test('several lines of a log take a line each, with what is to be said about them', () => {
    const { code, stdout } = runCli(['decode', '-'], `${FAULT}\n${EVENT}\n`);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^line 1: requester 02:00.0, entry 43: 0x26/m);
    expect(stdout).toMatch(/^line 2: INVALID_DEVICE_REQUEST: requester 00:00.0/m);
    expect(stdout).toMatch(/^ {2}hint {6}refused because of IntCtl=00/m);
  });

  test('--help tells kinds and the order of numbers', () => {
    const { code, stdout } = runCli(['decode', '--help']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/decode irte HIGH LOW/);
    expect(stdout).toMatch(/decode dte Q0 Q1 Q2 Q3 \(lowest first\)/);
    expect(Math.max(...stdout.split('\n').map(line => line.length))).toBeLessThanOrEqual(100);
  });
});

describe('unknown lines of a log', () => {
  const log = `boot\n${FAULT}\nsomething else\n`;

  test('are counted and named, and not fatal', () => {
    const { code, stdout, stderr } = runCli(['decode', '-'], log);
    expect(code).toBe(0);
    expect(stdout).toMatch(/02:00\.0/);
    expect(stderr).toMatch(
      /2 lines say nothing .*\n {2}line 1: boot\n {2}line 3: something else\n$/,
    );
  });

  test('are fatal with --strict, after what is known was printed', () => {
    const { code, stdout } = runCli(['decode', '-', '--strict'], log);
    expect(code).toBe(2);
    expect(stdout).toMatch(/02:00\.0/);
    expect(runCli(['decode', '-', '--strict'], FAULT).code).toBe(0);
  });

  test('a long list of them is cut', () => {
    const { code, stderr } = runCli(['decode', '-'], 'x\n'.repeat(1000));
    expect(code).toBe(0);
    expect(stderr).toMatch(/1000 lines .*\n( {2}line \d: x\n){5} {2}and 995 more\n$/);
  });
});

describe('bad input: exit code 2, and what was expected', () => {
  test.each<[string, string[], RegExp]>([
    ['nothing', [], /missing required argument/],
    [
      'address is no number',
      ['fee0000g', '20'],
      /'fee0000g' is neither a hexadecimal number nor a kind/,
    ],
    ['data is no number', ['fee00000', 'zz'], /DATA is 'zz': expected a hexadecimal number/],
    ['data too long', ['fee00000', '100000000'], /DATA .*at most 32 bits, 8 digits/],
    ['address too long', ['1fffffffffffffffe', '0'], /ADDRESS .*at most 64 bits, 16 digits/],
    ['only an address', ['fee00000'], /ADDRESS DATA; 1 number was given/],
    ['three numbers', ['fee00000', '0', '0'], /3 numbers were given.*name its kind/],
    ['unknown kind', ['irt', '0', '1'], /did you mean 'irte'\?/],
    ['too few numbers', ['irte', '1'], /expected irte HIGH LOW; 1 number was given/],
    [
      'too many numbers',
      ['dte', '1', '2', '3', '4', '5'],
      /expected dte Q0 Q1 Q2 Q3 .*, or dte W0/,
    ],
    ['number too long', ['irte', '1', '12345678901234567'], /LOW .*at most 64 bits/],
    ['word too long', ['amd-irte32', '123456789'], /WORD .*at most 32 bits/],
    ['negative', ['irte', '1', '0x-1'], /LOW is '0x-1': expected a hexadecimal number/],
    ['a prefix alone', ['irte', '1', '0x'], /LOW is '0x': expected a hexadecimal number/],
    ['unknown unit', ['fee00000', '20', '--as', 'arm'], /x86, vtd, amdvi/],
    ['--as for an entry', ['irte', '0', '1', '--as', 'vtd'], /--as is for messages/],
    ['--xapic for a message', ['fee00000', '20', '--xapic'], /--xapic is for entries/],
    [
      'a line that says nothing',
      ['usb 1-1: new device'],
      /nothing is known of .*expected a line such as/,
    ],
  ])('%s', (_name, args, message) => {
    const { code, stdout, stderr } = runCli(['decode', ...args]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(message);
  });
});
