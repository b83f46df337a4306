import type { Word } from '../bits/word.ts';
import { readAmdEvent } from './dmesg-amd.ts';
import {
  readFaultReason,
  readSecondLine,
  readVtdFault,
  readVtdStatus,
  vtdFaultWords,
} from './dmesg-vtd.ts';

/** What a line of a kernel's or hypervisor's log tells: registers as words, or where it arrived. */
export type LogFact =
  | { readonly kind: 'fault'; readonly words: readonly Word[] }
  | { readonly kind: 'fault-status'; readonly words: readonly Word[] }
  | { readonly kind: 'event'; readonly words: readonly Word[]; readonly unnamed?: true }
  | { readonly kind: 'spurious'; readonly cpu: number; readonly vector: number };

/** A fact and where it stood: `line` counts from 1, `text` is all its lines, `segment` is the PCI segment, 0 if unnamed. */
export type LogEntry = LogFact & {
  readonly line: number;
  readonly text: string;
  readonly dialect: string;
  readonly segment: number;
};

/** A line nothing could be made of. */
export interface UnknownLine {
  readonly line: number;
  readonly text: string;
}

/** A log as facts, in the order of its lines. Blank lines count, and are neither. */
export interface ImportedLog {
  readonly entries: readonly LogEntry[];
  readonly unknown: readonly UnknownLine[];
}

const VECTOR_MAX = 255;
const SPURIOUS = [
  /\b(?<cpu>\d+)\.(?<vector>\d+) No irq handler for vector/,
  /No irq handler for (?<cpu>\d+)\.(?<vector>\d+)/,
];

/** An interrupt without a handler; both numbers are decimal. [LINUX arch/x86/kernel/irq.c] */
function readSpurious(text: string): LogFact | null {
  const groups = SPURIOUS.map(pattern => pattern.exec(text)?.groups).find(found => found);
  if (!groups) return null;
  const { cpu, vector } = { cpu: Number(groups.cpu), vector: Number(groups.vector) };
  return vector > VECTOR_MAX ? null : { kind: 'spurious', cpu, vector };
}

type Placed = LogFact & { readonly dialect: string; readonly segment: number };

function readWhole(text: string): Placed | null {
  const status = readVtdStatus(text);
  if (status) return { kind: 'fault-status', words: status, dialect: 'linux', segment: 0 };
  const event = readAmdEvent(text);
  if (event) return { kind: 'event', ...event };
  const spurious = readSpurious(text);
  return spurious && { ...spurious, dialect: 'linux', segment: 0 };
}

/** A VT-d fault that starts here, its reason on the same line or on `next`. */
function readFault(text: string, next: string): { fact: Placed; lines: 1 | 2 } | null {
  const head = readVtdFault(text);
  if (!head) return null;
  const here = readFaultReason(text);
  const reason = here ?? readSecondLine(next);
  const words = reason === null ? null : vtdFaultWords(head, reason);
  if (words === null) return null;
  const { dialect, segment } = head;
  return { fact: { kind: 'fault', words, dialect, segment }, lines: here === null ? 2 : 1 };
}

/**
 * Reads a log of Linux or Xen: VT-d interrupt faults in every way they have been printed, the fault
 * status, AMD-Vi events, interrupts without a handler. Whatever stands before them on the line
 * does not matter. A fault printed over two lines is one entry, at its first line.
 */
export function readKernelLog(text: string): ImportedLog {
  const all = text.split(/\r?\n/).map((content, i) => ({ line: i + 1, text: content }));
  const lines = all.filter(line => line.text.trim() !== '');
  const entries: LogEntry[] = [];
  const unknown: UnknownLine[] = [];
  for (let i = 0; i < lines.length; i++) {
    const place = lines[i];
    const fault = readFault(place.text, lines[i + 1]?.text ?? '');
    const fact = fault?.fact ?? readWhole(place.text);
    const second = fault?.lines === 2 ? ` ${lines[++i].text.trim()}` : '';
    if (fact) entries.push({ ...fact, line: place.line, text: place.text + second });
    else unknown.push(place);
  }
  return { entries, unknown };
}
