import { FRCD } from '../arch/vtd.ts';
import { encode } from '../bits/layout.ts';
import { parseHex32, type Word } from '../bits/word.ts';
import { parseRequester } from '../model/requester.ts';

/**
 * A device as logs name it: segment or none, bus, device, function. Linux 5.13 and 5.14 print 0x
 * before bus and device. [LINUX commit 719a19335692]
 */
export const DEVICE =
  '(?:(?<segment>[0-9a-f]{4}):)?(?:0x)?(?<bus>[0-9a-f]{2}):(?:0x)?(?<slot>[01][0-9a-f])\\.(?<fn>[0-7])';

/** The segment and requester id a `DEVICE` match names. */
export function deviceOf(groups: Readonly<Record<string, string | undefined>>): {
  segment: number;
  rid: number;
} {
  const { segment, bus, slot, fn } = groups;
  return {
    segment: segment ? Number.parseInt(segment, 16) : 0,
    rid: parseRequester(`${bus}:${slot}.${fn}`) ?? 0,
  };
}

/** The first part of a fault message; the reason may stand on the next line. */
export interface VtdFaultHead {
  readonly dialect: string;
  readonly segment: number;
  readonly rid: number;
  readonly index: number;
}

const HEAD = new RegExp(
  `INTR-REMAP\\]?:?\\s*Request device \\[{1,2}${DEVICE}\\]\\s+fault index (?:0x)?(?<index>[0-9a-f]+)`,
  'i',
);
const INDEX_MAX = 2 ** FRCD.fields.index.width - 1;
const REASON_MAX = 2 ** FRCD.fields.reason.width - 1;

/**
 * The head of an interrupt fault; null for other lines. The index is hexadecimal even where no 0x
 * is printed. [LINUX drivers/iommu/intel/dmar.c]
 */
export function readVtdFault(text: string): VtdFaultHead | null {
  const groups = HEAD.exec(text)?.groups;
  const index = groups && parseHex32(groups.index);
  if (!groups || index === null || index === undefined || index > INDEX_MAX) return null;
  const dialect = text.includes('[VT-D]') ? 'xen' : 'linux';
  return { dialect, index, ...deviceOf(groups) };
}

/** Reasons as printed: `[fault reason 0x26]`, `[fault reason 38]`, `[fault reason 26h]`. */
const BRACKETED = /\[fault reason (?:0x(?<hex>[0-9a-f]+)|(?<xen>[0-9a-f]+)h|(?<decimal>\d+))\]/i;
/** Xen from 4.3: `INTR-REMAP: reason 26 - ...`, hexadecimal. */
const PLAIN = /INTR-REMAP: reason (?<hex>[0-9a-f]{2})\b/i;

/**
 * The reason of an interrupt fault; null where the line has none. Linux up to 5.12 prints it in
 * decimal, later ones in hexadecimal with 0x. [LINUX commit 719a19335692]
 */
export function readFaultReason(text: string): number | null {
  const groups = (BRACKETED.exec(text) ?? PLAIN.exec(text))?.groups;
  if (!groups) return null;
  const { hex, xen, decimal } = groups;
  const reason = decimal ? Number(decimal) : Number.parseInt(hex ?? xen, 16);
  return reason > REASON_MAX ? null : reason;
}

/** Mails quote with `>`. */
const CONTINUES = /INTR-REMAP|^[\s>|]*\[fault reason/i;

/**
 * The reason of an interrupt fault whose head stood on the line before, printed so or broken by
 * whoever pasted it; null where this line begins something else.
 */
export const readSecondLine = (text: string): number | null =>
  CONTINUES.test(text) && !HEAD.test(text) ? readFaultReason(text) : null;

/** The fault record such a message was printed from. [VTD 11.4.14] */
export const vtdFaultWords = ({ rid, index }: VtdFaultHead, reason: number): Word[] =>
  encode(FRCD, { fault: 1, reason, sid: rid, index });

const STATUS = /DRHD: handling fault status reg (?<status>[0-9a-f]+)\s*$/i;

/** The fault status register, one word; null for other lines. [LINUX drivers/iommu/intel/dmar.c] */
export function readVtdStatus(text: string): Word[] | null {
  const status = parseHex32(STATUS.exec(text)?.groups?.status ?? '');
  return status === null ? null : [status];
}
