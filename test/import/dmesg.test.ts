import { describe, expect, test } from 'vitest';
import { FRCD } from '../../src/arch/vtd.ts';
import { decode } from '../../src/bits/layout.ts';
import { type LogEntry, readKernelLog } from '../../src/import/dmesg.ts';

function only(text: string): LogEntry {
  const { entries, unknown } = readKernelLog(text);
  expect(unknown).toEqual([]);
  expect(entries).toHaveLength(1);
  return entries[0];
}

/** Reason, requester id and index of a line's fault record. */
function faultOf(text: string): { reason: number; sid: number; index: number; dialect: string } {
  const entry = only(text);
  if (entry.kind !== 'fault') throw new Error(`read as ${entry.kind}`);
  const { reason, sid, index, fault } = decode(FRCD, entry.words);
  expect(fault).toBe(1);
  return { reason, sid, index, dialect: entry.dialect };
}

const REASON_26 = 'Blocked an interrupt request due to source-id verification failure';

describe('VT-d interrupt faults, as each kernel printed them', () => {
  test.each<[string, string, [reason: number, sid: number, index: number]]>([
    [
      'Linux from 5.15',
      `DMAR: [INTR-REMAP] Request device [02:00.0] fault index 0x2b [fault reason 0x26] ${REASON_26}`,
      [0x26, 0x0200, 43],
    ],
    [
      'with a time stamp and a log level',
      `<3>[   12.345678] DMAR: [INTR-REMAP] Request device [01:05.0] fault index 0x2f [fault reason 0x26] ${REASON_26}`,
      [0x26, 0x0128, 0x2f],
    ],
    [
      'Linux 5.13: 0x before bus and device',
      'DMAR: [INTR-REMAP] Request device [0x00:0x05.0] fault index 0xa00 [fault reason 0x25] Blocked a compatibility format interrupt request',
      [0x25, 0x0028, 0xa00],
    ],
    [
      'Linux to 5.12: hexadecimal index without 0x, decimal reason',
      'DMAR: [INTR-REMAP] Request device [42:00.2] fault index 1600 [fault reason 37] Blocked a compatibility format interrupt request',
      [37, 0x4202, 0x1600],
    ],
    [
      'Linux to 4.1: two lines, two brackets',
      'dmar: INTR-REMAP: Request device [[f0:1f.7] fault index 1a\nINTR-REMAP:[fault reason 34] Present field in the IRTE entry is clear',
      [34, 0xf0ff, 0x1a],
    ],
    [
      'two lines pasted as one',
      'DMAR: INTR-REMAP: Request device [[f0:1f.0] fault index 0 INTR-REMAP:[fault reason 37] Blocked',
      [37, 0xf0f8, 0],
    ],
    [
      'two lines with a blank one and a carriage return between',
      'DMAR: INTR-REMAP: Request device [[f0:1f.0] fault index 0\r\n\r\n     INTR-REMAP:[fault reason 37] Blocked\r\n',
      [37, 0xf0f8, 0],
    ],
    [
      'one line broken by whoever pasted it',
      'DMAR: [INTR-REMAP] Request device [02:00.0] fault index 0x2b\n  [fault reason 0x26] Blocked',
      [0x26, 0x0200, 43],
    ],
    [
      'one line that a mail has wrapped and quoted',
      '>>> DMAR: [INTR-REMAP] Request device [0xc9:0x05.0] fault index 0xa00\n>>> [fault reason 0x25] Blocked',
      [0x25, 0xc928, 0xa00],
    ],
    [
      'a journal in front, capitals, spaces',
      'Nov 06 20:12:01 host kernel: DMAR: [INTR-REMAP] Request device [F0:1F.7]  fault index 0xFFFF  [fault reason 0x22]  Present',
      [0x22, 0xf0ff, 0xffff],
    ],
    [
      'a date in front, tab and carriage return behind',
      '[Thu Oct 22 08:54:51 2020] DMAR: [INTR-REMAP] Request device [42:00.2] fault index 1600 [fault reason 37] Blocked\t\r',
      [37, 0x4202, 0x1600],
    ],
    [
      'Xen: hexadecimal reason on the second line',
      '(XEN) [VT-D]INTR-REMAP: Request device [0000:f0:1f.0] fault index 0, iommu reg = ffff82c00021f000\n(XEN) [VT-D]INTR-REMAP: reason 22 - Present field in the IRTE entry is clear',
      [0x22, 0xf0f8, 0],
    ],
    [
      'old Xen: hexadecimal with an h',
      '(XEN) [VT-D]iommu.c:909: INTR-REMAP: Request device [00:02.0] fault index 3, iommu reg = ffff82c3fff57000\n(XEN) INTR-REMAP:[fault reason 26h] Blocked',
      [0x26, 0x0010, 3],
    ],
  ])('%s', (_name, text, [reason, sid, index]) => {
    expect(faultOf(text)).toMatchObject({ reason, sid, index });
  });

  test('the dialect and the segment are kept', () => {
    const xen = only(
      '(XEN) [VT-D]INTR-REMAP: Request device [0001:00:1f.0] fault index 0\n(XEN) [VT-D]INTR-REMAP: reason 25 - Blocked',
    );
    expect(xen).toMatchObject({ kind: 'fault', dialect: 'xen', segment: 1, line: 1 });
  });
});

/** Fields of an event as they were printed: the specification's places of code, flags, device. */
function eventOf(text: string) {
  const entry = only(text);
  if (entry.kind !== 'event') throw new Error(`read as ${entry.kind}`);
  const [w0, w1, w2, w3] = entry.words;
  return {
    code: w1 >>> 28,
    flags: (w1 >>> 16) & 0xfff,
    domain: w1 & 0xffff,
    device: w0 & 0xffff,
    address: (BigInt(w3) << 32n) | BigInt(w2),
  };
}

describe('AMD-Vi events', () => {
  test.each<[string, string, ReturnType<typeof eventOf>]>([
    [
      'Linux, device named',
      'iommu ivhd1: AMD-Vi: Event logged [INVALID_DEVICE_REQUEST device=0000:00:00.0 pasid=0x00000 address=0xfffffffdf8000000 flags=0x0a00]',
      { code: 8, flags: 0xa00, domain: 0, device: 0, address: 0xfffffffdf8000000n },
    ],
    [
      'Linux to 5.19, without segment',
      'AMD-Vi: Event logged [IO_PAGE_FAULT device=00:14.0 domain=0x0007 address=0x000000fdf8020200 flags=0x0008]',
      { code: 2, flags: 8, domain: 7, device: 0xa0, address: 0xfdf8020200n },
    ],
    [
      'Linux, the device before the message',
      'nvme 0000:01:00.0: AMD-Vi: Event logged [IO_PAGE_FAULT domain=0x000e address=0xfffffffdf8000000 flags=0x0008]',
      { code: 2, flags: 8, domain: 0xe, device: 0x100, address: 0xfffffffdf8000000n },
    ],
    [
      'Linux, unknown kind: raw words',
      'AMD-Vi: Event logged [UNKNOWN event[0]=0x000000a0 event[1]=0x20080000 event[2]=0xf8020200 event[3]=0xfffffffd',
      { code: 2, flags: 8, domain: 0, device: 0xa0, address: 0xfffffffdf8020200n },
    ],
    [
      'Xen',
      '(XEN) AMD-Vi: IO_PAGE_FAULT: 0000:00:14.0 d0 addr 000000fdf8010140 flags 0x8 I',
      { code: 2, flags: 8, domain: 0, device: 0xa0, address: 0xfdf8010140n },
    ],
    [
      'Xen, flags 0',
      'AMD-Vi: IO_PAGE_FAULT: 0000:00:13.1 d3 addr 00000000000eb340 flags 0',
      { code: 2, flags: 0, domain: 3, device: 0x99, address: 0xeb340n },
    ],
    [
      'old Xen',
      '(XEN) AMD-Vi: IO_PAGE_FAULT: domain = 0, device id = 0x2600, fault address = 0xfffffffdf8000000, flags = 0x8',
      { code: 2, flags: 8, domain: 0, device: 0x2600, address: 0xfffffffdf8000000n },
    ],
    [
      'Linux, up to 4.19: 16 digits',
      'AMD-Vi: Event logged [INVALID_DEVICE_REQUEST device=07:00.0 address=0xfffffffdf8000000 flags=0x0a00]',
      { code: 8, flags: 0xa00, domain: 0, device: 0x700, address: 0xfffffffdf8000000n },
    ],
    [
      'Linux, unreadable device table',
      'iommu ivhd0: AMD-Vi: Event logged [DEV_TAB_HARDWARE_ERROR device=0000:00:14.0 address=0x7770a00 flags=0x0208]',
      { code: 3, flags: 0x208, domain: 0, device: 0xa0, address: 0x7770a00n },
    ],
    [
      'Linux, unreadable interrupt table',
      'iommu ivhd0: AMD-Vi: Event logged [PAGE_TAB_HARDWARE_ERROR device=0000:00:14.0 pasid=0x0009 address=0x12345f94 flags=0x0208]',
      { code: 4, flags: 0x208, domain: 9, device: 0xa0, address: 0x12345f94n },
    ],
    [
      'Xen, four words for all but page faults',
      '(XEN) AMD-Vi: INVALID_DEV_REQUEST 00000700 8a000000 f8000000 fffffffd',
      { code: 8, flags: 0xa00, domain: 0, device: 0x700, address: 0xfffffffdf8000000n },
    ],
    [
      'Xen, the same with a colon',
      '(XEN) [  12.345678] AMD-Vi: ILLEGAL_DEV_TABLE_ENTRY: 000000a0 10880000 f8020200 fffffffd',
      { code: 1, flags: 0x088, domain: 0, device: 0xa0, address: 0xfffffffdf8020200n },
    ],
  ])('%s', (_name, text, event) => {
    expect(eventOf(text)).toEqual(event);
  });

  test('a line that does not name its device is read all the same, and says so', () => {
    const text =
      'AMD-Vi: Event logged [IO_PAGE_FAULT domain=0x0000 address=0xfffffffdf8000000 flags=0x0008]';
    expect(only(text)).toMatchObject({ kind: 'event', unnamed: true });
    expect(eventOf(text)).toMatchObject({ code: 2, flags: 8, device: 0 });
    expect(only(`nvme 0000:01:00.0: ${text}`)).not.toHaveProperty('unnamed');
  });

  test('a PASID of 20 bits fills both its places', () => {
    const entry = only(
      'AMD-Vi: Event logged [ILLEGAL_DEV_TABLE_ENTRY device=0000:00:14.0 pasid=0xabcde address=0x0 flags=0x0008]',
    );
    expect(entry).toMatchObject({ kind: 'event', words: [0x000a00a0, 0x1008bcde, 0, 0] });
  });
});

test('the fault status register is hexadecimal', () => {
  expect(only('DMAR: DRHD: handling fault status reg 103')).toMatchObject({
    kind: 'fault-status',
    words: [0x103],
  });
});

test.each([
  ['do_IRQ: 2.205 No irq handler for vector', 2, 205],
  ['__common_interrupt: 1.55 No irq handler for vector', 1, 55],
  ['do_IRQ: 0.236 No irq handler for vector (irq -1)', 0, 236],
  ['No irq handler for 12.34', 12, 34],
])('no handler: %s', (text, cpu, vector) => {
  expect(only(text)).toMatchObject({ kind: 'spurious', cpu, vector });
});

describe('lines that tell nothing', () => {
  test.each([
    'Linux version 6.1.0',
    'DMAR: [DMA Read NO_PASID] Request device [00:1f.3] fault addr 0x0 [fault reason 0x06] PTE Read access is not set',
    'DMAR: INTR-REMAP: Request device [[f0:1f.0] fault index 0',
    'INTR-REMAP:[fault reason 37] Blocked',
    'DMAR: [INTR-REMAP] Request device [02:00.0] fault index 0x10000 [fault reason 0x26]',
    'DMAR: [INTR-REMAP] Request device [02:00.0] fault index 0x2b [fault reason 0x126]',
    'DMAR: [INTR-REMAP] Request device [02:00.8] fault index 0x2b [fault reason 0x26]',
    'do_IRQ: 0.256 No irq handler for vector',
    'AMD-Vi: Event logged [COMMAND_HARDWARE_ERROR address=0x0 flags=0x0000]',
  ])('%s', text => {
    expect(readKernelLog(text)).toEqual({ entries: [], unknown: [{ line: 1, text }] });
  });
});

test('the reason of a DMA fault is not taken for that of an interrupt', () => {
  const log = readKernelLog(
    'dmar: INTR-REMAP: Request device [[f0:1f.0] fault index 0\nDMAR:[fault reason 06] PTE Read access is not set',
  );
  expect(log).toMatchObject({ entries: [], unknown: [{ line: 1 }, { line: 2 }] });
});

test('lines keep their numbers, and a head without its reason does not eat the next fault', () => {
  const log = readKernelLog(
    [
      'boot',
      '',
      'DMAR: INTR-REMAP: Request device [[f0:1f.0] fault index 0',
      'DMAR: [INTR-REMAP] Request device [02:00.0] fault index 0x2b [fault reason 0x26]',
      'No irq handler for 1.34',
    ].join('\n'),
  );
  expect(log.unknown.map(({ line }) => line)).toEqual([1, 3]);
  expect(log.entries.map(({ line, kind }) => [line, kind])).toEqual([
    [4, 'fault'],
    [5, 'spurious'],
  ]);
});
