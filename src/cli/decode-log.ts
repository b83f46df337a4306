import { type ImportedLog, type LogEntry, readKernelLog } from '../import/dmesg.ts';
import {
  DECODE_FORMAT,
  type DecodeDocument,
  type Decoding,
  withDocument,
} from '../report/decode.ts';
import { decodeEvent, decodeUnnamedEvent } from '../report/decode-event.ts';
import { decodeFault, decodeFaultStatus, decodeSpurious } from '../report/decode-fault.ts';
import { decodingText, logEntryText } from '../report/decode-text.ts';
import { EXIT, type ExitCode, usageError } from './exit.ts';

/** How a log is reported. */
export interface LogFlags {
  readonly json?: boolean;
  readonly strict?: boolean;
}

const NAMED_LINES = 5;

function decodeFact(entry: LogEntry): Decoding {
  switch (entry.kind) {
    case 'fault':
      return decodeFault(entry.words);
    case 'fault-status':
      return decodeFaultStatus(entry.words);
    case 'event':
      return entry.unnamed ? decodeUnnamedEvent(entry.words) : decodeEvent(entry.words);
    case 'spurious':
      return decodeSpurious(entry.cpu, entry.vector);
  }
}

function decodeEntry(entry: LogEntry): Decoding {
  const { line, text, dialect, segment } = entry;
  return withDocument(decodeFact(entry), { log: { line, text, dialect, segment } });
}

const plural = (n: number, one: string, many: string): string => `${n} ${n === 1 ? one : many}`;

/** A log as one document: that of its entry where it has just one, and in any case the list. */
function logDocument(decodings: readonly Decoding[], log: ImportedLog, input: readonly string[]) {
  const entries = decodings.map(({ document }) => document);
  const whole: DecodeDocument = {
    format: DECODE_FORMAT,
    kind: 'log',
    title: 'log of a kernel or hypervisor',
    source: '',
    input,
    fields: [],
    summary: `${plural(entries.length, 'entry', 'entries')}, ${plural(log.unknown.length, 'unknown line', 'unknown lines')}`,
    derived: {},
    problems: [],
  };
  const head = entries.length === 1 ? { ...entries[0], input } : whole;
  return { ...head, entries, unknown: log.unknown };
}

function printUnknown({ unknown }: ImportedLog): void {
  if (unknown.length === 0) return;
  const shown = unknown
    .slice(0, NAMED_LINES)
    .map(({ line, text }) => `  line ${line}: ${text.trim()}`);
  const rest = unknown.length - shown.length;
  const lines = [
    `irqscope: ${plural(unknown.length, 'line says', 'lines say')} nothing about interrupts that is known here:`,
    ...shown,
    ...(rest > 0 ? [`  and ${rest} more`] : []),
  ];
  process.stderr.write(`${lines.join('\n')}\n`);
}

function printEntries(decodings: readonly Decoding[]): void {
  const print = decodings.length === 1 ? decodingText : logEntryText;
  for (const decoding of decodings) process.stdout.write(`${print(decoding)}\n`);
}

/** Decodes the lines of a log. Unknown lines are named, and fatal only with `strict`. */
export function decodeLog(text: string, input: readonly string[], flags: LogFlags): ExitCode {
  const log = readKernelLog(text);
  const decodings = log.entries.map(decodeEntry);
  if (flags.json)
    process.stdout.write(`${JSON.stringify(logDocument(decodings, log, input), null, 2)}\n`);
  else printEntries(decodings);
  printUnknown(log);
  return flags.strict && log.unknown.length > 0 ? EXIT.badInput : EXIT.ok;
}

const EXPECTED = [
  'a line such as',
  '  DMAR: [INTR-REMAP] Request device [02:00.0] fault index 0x2b [fault reason 0x26] ...',
  '  AMD-Vi: Event logged [IO_PAGE_FAULT device=00:14.0 domain=0x0 address=0x... flags=0x0008]',
].join('\n');

/** Whether a pasted text holds a line of a log that can be decoded. */
export const isLog = (text: string): boolean => readKernelLog(text).entries.length > 0;

/** The error for a pasted text that looks like a log and holds nothing known. */
export const notALog = (text: string): Error =>
  usageError(`nothing is known of '${text}'; expected ${EXPECTED}`);
