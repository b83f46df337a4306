import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { TraceRecord } from '../model/record.ts';

/**
 * Plain data as JSON with the keys of every record in alphabetical order: equal text for equal
 * data. What JSON does not know is left out, as `JSON.stringify` does.
 */
export function canonicalJson(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const fields = value as Readonly<Record<string, unknown>>;
  const parts: string[] = [];
  for (const key of Object.keys(fields).sort())
    if (fields[key] !== undefined)
      parts.push(`${JSON.stringify(key)}:${canonicalJson(fields[key])}`);
  return `{${parts.join(',')}}`;
}

/** A trace as line-delimited canonical JSON. */
export const traceText = (trace: readonly TraceRecord[]): string =>
  trace.map(record => `${canonicalJson(record)}\n`).join('');

/** SHA-256 of a text, in hexadecimal: the same in Node and in a browser. */
export const hashText = (text: string): string => bytesToHex(sha256(utf8ToBytes(text)));

/** SHA-256 of the canonical trace. */
export const traceHash = (trace: readonly TraceRecord[]): string => hashText(traceText(trace));
