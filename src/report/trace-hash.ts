import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { TraceRecord } from '../model/record.ts';

/** A record as one line of JSON with its keys in alphabetical order. */
export const canonicalLine = (record: TraceRecord): string =>
  JSON.stringify(record, (_key, value: unknown) => sortedKeys(value));

function sortedKeys(value: unknown): unknown {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** A trace as line-delimited canonical JSON. */
export const traceText = (trace: readonly TraceRecord[]): string =>
  trace.map(record => `${canonicalLine(record)}\n`).join('');

/** SHA-256 of a text, in hexadecimal: the same in Node and in a browser. */
export const hashText = (text: string): string => bytesToHex(sha256(utf8ToBytes(text)));

/** SHA-256 of the canonical trace. */
export const traceHash = (trace: readonly TraceRecord[]): string => hashText(traceText(trace));
