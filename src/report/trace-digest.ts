import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import type { TraceRecord } from '../model/record.ts';
import { canonicalJson, hashText } from './trace-hash.ts';

/** Digits of the trace’s hash in a digest. */
const HASH_DIGITS = 8;
/** Steps that have a mark of their own; those after it share what the hash says. */
const MARKS_MAX = 24;
const MARKS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/**
 * A trace in few characters, for links: the first digits of its hash, and after a dot one letter
 * for each of the first steps, made of the records that go back to it. `stepOf` gives the step of
 * each record, -1 for none.
 */
export function traceDigest(trace: readonly TraceRecord[], stepOf: readonly number[]): string {
  const lines = trace.map(record => `${canonicalJson(record)}\n`);
  const steps = Math.min(MARKS_MAX, Math.max(-1, ...new Set(stepOf)) + 1);
  const marks = Array.from({ length: steps }, (_, step) =>
    markOf(lines.filter((_line, seq) => stepOf[seq] === step).join('')),
  );
  return `${hashText(lines.join('')).slice(0, HASH_DIGITS)}.${marks.join('')}`;
}

const markOf = (text: string): string => MARKS[sha256(utf8ToBytes(text))[0] % MARKS.length];
