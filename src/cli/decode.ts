import { text as readAll } from 'node:stream/consumers';
import { type Command, Option } from 'commander';
import type { Decoding, MessageReader } from '../report/decode.ts';
import { withDocument } from '../report/decode.ts';
import { isHex, readMessage } from '../report/decode-input.ts';
import {
  DECODE_KINDS,
  type DecodeKindName,
  decodeNumbers,
  isDecodeKind,
  kindUsage,
} from '../report/decode-kinds.ts';
import { decodeMessage } from '../report/decode-message.ts';
import { decodingText } from '../report/decode-text.ts';
import { nearest } from '../scenario/problem.ts';
import { decodeLog, isLog, type LogFlags, notALog } from './decode-log.ts';
import { EXIT, type ExitCode, usageError } from './exit.ts';

interface DecodeFlags extends LogFlags {
  readonly as?: MessageReader;
  readonly xapic?: boolean;
}

const READERS: readonly MessageReader[] = ['x86', 'vtd', 'amdvi'];
const KINDS = Object.keys(DECODE_KINDS).filter(isDecodeKind);

const helpLine = (usage: string, about: string): string => `  decode ${usage.padEnd(38)} ${about}`;

const kindLines = KINDS.flatMap(kind =>
  kindUsage(kind).map((usage, i) =>
    helpLine(usage, i === 0 ? DECODE_KINDS[kind].about : 'the same'),
  ),
);

const HELP = [
  '',
  'What can be decoded:',
  helpLine('ADDRESS DATA', 'message, by its own format bit unless --as is given'),
  ...kindLines,
  helpLine('"DMAR: [INTR-REMAP] Request ..."', 'lines of a kernel log (Linux, Xen)'),
  helpLine('-', 'the same from standard input'),
  '',
  'Numbers are hexadecimal, with or without 0x. Two numbers are HIGH LOW; longer lists go from the',
  'lowest to the highest, as memory holds them. APIC ids have 32 bits unless --xapic is given.',
].join('\n');

/** `irqscope decode`: what the bits of a message, an entry or a log line mean. */
export function addDecode(program: Command, finish: (code: ExitCode) => void): void {
  program
    .command('decode')
    .description('explain a message, a table entry, a fault record or a log line')
    .argument('<what...>', 'ADDRESS DATA, a kind and its numbers, a log line, or -')
    .addOption(new Option('--as <unit>', 'read a message as this unit does').choices(READERS))
    .option('--xapic', 'APIC ids have 8 bits (EIME, XTEn clear)')
    .option('--json', 'print one JSON document')
    .option('--strict', 'unknown lines of a log are an error')
    .addHelpText('after', HELP)
    .action(async (what: string[], flags: DecodeFlags) => finish(await decodeCommand(what, flags)));
}

async function decodeCommand(what: readonly string[], flags: DecodeFlags): Promise<ExitCode> {
  const [first, ...rest] = what;
  if (isDecodeKind(first)) return print(decodeEntry(first, rest, flags), flags);
  if (flags.xapic) throw usageError('--xapic is for entries that hold APIC ids, not for messages');
  if (isHex(first)) return print(decodeMessageOf(what, flags.as ?? null), flags);
  if (flags.as) throw usageError('--as is for messages: decode ADDRESS DATA --as vtd');
  if (first === '-' && rest.length === 0)
    return decodeLog(await readAll(process.stdin), what, flags);
  const pasted = what.join(' ');
  if (isLog(pasted)) return decodeLog(pasted, what, flags);
  throw /\s/.test(first) ? notALog(pasted) : unknownKind(first);
}

function decodeEntry(kind: DecodeKindName, numbers: string[], flags: DecodeFlags): Decoding {
  if (flags.as) throw usageError(`--as is for messages, not for ${kind}`);
  const result = decodeNumbers(kind, numbers, flags.xapic ? 'xapic' : 'x2apic');
  if (!result.ok) throw usageError(result.message);
  return result.decoding;
}

function decodeMessageOf(numbers: readonly string[], as: MessageReader | null): Decoding {
  const read = readMessage(numbers);
  if (!read.ok)
    throw usageError(`${read.fault} (for an entry, name its kind: ${KINDS.join(', ')})`);
  return withDocument(decodeMessage(read.message, as), { input: numbers });
}

function unknownKind(word: string): Error {
  const close = nearest(word, KINDS).map(kind => `'${kind}'`);
  const hint = close.length > 0 ? `; did you mean ${close.join(' or ')}?` : '';
  const expected = `ADDRESS DATA, a log line, -, or one of ${KINDS.join(', ')}`;
  return usageError(
    `'${word}' is neither a hexadecimal number nor a kind${hint}\nexpected ${expected}`,
  );
}

function print(decoding: Decoding, flags: DecodeFlags): ExitCode {
  const { document } = decoding;
  const text = flags.json ? JSON.stringify(document, null, 2) : decodingText(decoding);
  process.stdout.write(`${text}\n`);
  return EXIT.ok;
}
