import { AMD_INDEXED, COMPAT, DELIVERY_MODES, REMAPPABLE, WINDOW } from '../arch/message.ts';
import { decode, field, get, type Layout, layout } from '../bits/layout.ts';
import { hex, hex64, type Word } from '../bits/word.ts';
import { requestText } from '../model/describe.ts';
import { inWindow, readCompat } from '../model/message.ts';
import { type Message, messageWords } from '../model/wire.ts';
import { type DecodeProblem, type Decoding, decodingOf, type MessageReader } from './decode.ts';
import {
  amdFault,
  destMeaning,
  faultText,
  hint,
  vectorMeaning,
  vectorProblems,
  violation,
  vtdFault,
  warning,
} from './decode-terms.ts';

const ADDRESS = { name: 'address', bit: 0, width: 64, origin: 0 };
const DATA = { name: 'data', bit: 64, width: 32, origin: 64 };

/** A write that is no interrupt, as far as it can be decoded. */
const PLAIN_WRITE = layout({
  name: 'memory write outside the interrupt window',
  bits: 96,
  source: '[VTD 3.14], [SDM 11.11.1]',
  fields: {
    addressLow: field(0, 32, 'address 31:0'),
    addressHigh: field(32, 32, 'address 63:32'),
    data: field(64, 32, 'data'),
  },
});

const R = REMAPPABLE.fields;
const INDEX_END = 2 ** 16;

const messageEntry = <N extends string>(form: Layout<N>, words: readonly Word[]) => ({
  layout: form,
  words,
  parts: [ADDRESS, DATA],
});

/** What a local APIC does with the message, both ways where the hypervisor's extension matters. */
function compatText(message: Message): string {
  const plain = requestText(readCompat(message, false));
  const extended = requestText(readCompat(message, true));
  return plain === extended
    ? plain
    : `${extended} where the hypervisor offers 15-bit ids, ${plain} elsewhere`;
}

/** Index a remappable message names, without any limit. [VTD 5.1.3] */
export const remappableIndex = (words: readonly Word[]): number =>
  get(words, R.handle) + (get(words, R.shv) ? get(words, R.subhandle) : 0);

const isRemappable = (message: Message): boolean => get(messageWords(message), R.format) === 1;

function vtdText(message: Message): string {
  const words = messageWords(message);
  if (isRemappable(message)) return `entry ${remappableIndex(words)} of the unit's table`;
  const blocked = faultText(vtdFault('vtd/compat-format'));
  return `blocked with ${blocked}, or passed as it is where CFIS=1 and EIME=0: ${compatText(message)}`;
}

function amdText(message: Message): string {
  const { index } = decode(AMD_INDEXED, messageWords(message));
  const mode = DELIVERY_MODES[readCompat(message, false).deliveryMode];
  switch (mode) {
    case 'fixed':
    case 'lowest':
      return `entry ${index} of the device's own table`;
    case 'nmi':
    case 'init':
    case 'extint':
      return `${mode.toUpperCase()}, no index: unmapped where the device table entry lets it pass, refused elsewhere`;
    default:
      return `refused: delivery mode ${mode}`;
  }
}

/** What a unit makes of a message. */
export function readingText(as: MessageReader, message: Message): string {
  if (!inWindow(message)) return 'not an interrupt';
  switch (as) {
    case 'x86':
      return compatText(message);
    case 'vtd':
      return vtdText(message);
    case 'amdvi':
      return amdText(message);
  }
}

const READERS: readonly MessageReader[] = ['x86', 'vtd', 'amdvi'];

/** Who reads the message, and why; what the others would make of it. */
interface Reader {
  readonly as: MessageReader;
  readonly asBecause: string;
}

const readerParts = ({ as, asBecause }: Reader, message: Message) => ({
  as,
  asBecause,
  others: READERS.filter(other => other !== as).map(other => ({
    as: other,
    summary: readingText(other, message),
  })),
});

function decodeCompat(message: Message, reader: Reader): Decoding {
  const words = messageWords(message);
  const request = readCompat(message, false);
  const extended = readCompat(message, true).dest;
  const { destExt, dataReserved, dataHigh, format } = decode(COMPAT, words);
  const mode = DELIVERY_MODES[request.deliveryMode];
  const problems: DecodeProblem[] = [];
  if (mode === 'reserved3' || mode === 'reserved6')
    problems.push(warning({ field: 'deliveryMode', text: 'reserved delivery mode' }));
  problems.push(...vectorProblems(request.vector, request.deliveryMode));
  if (dataReserved || dataHigh)
    problems.push(warning({ field: 'dataHigh', text: 'reserved bits of the data are not zero' }));
  if (format && reader.as === 'x86')
    problems.push(
      warning({ field: 'format', text: 'composed for a remap unit, and misread here' }),
    );
  const said = reader.as === 'vtd' ? vtdText(message) : compatText(message);
  if (reader.as === 'vtd') {
    const text = 'compatibility format: blocked unless CFIS=1 and EIME=0';
    problems.push(warning({ field: 'format', text, fault: vtdFault('vtd/compat-format') }));
  }
  return decodingOf({
    kind: 'message',
    entry: messageEntry(COMPAT, words),
    meanings: {
      dest: destMeaning(request.dest, request.destMode, 'xapic'),
      destExt: destExt ? `id ${extended} = 0x${hex(extended, 4)} with these` : 'none',
      vector: vectorMeaning(request.vector),
    },
    summary: `${format ? 'misread as compatibility format' : 'compatibility format'}: ${said}`,
    derived: {
      interrupt: true,
      messageFormat: 'compatibility',
      ...request,
      destExtended: extended,
    },
    problems,
    more: readerParts(reader, message),
  });
}

function remappableProblems(words: readonly Word[]): DecodeProblem[] {
  const problems: DecodeProblem[] = [];
  const { shv, dataHigh, subhandle } = decode(REMAPPABLE, words);
  const index = remappableIndex(words);
  if (shv && dataHigh) {
    const text = 'reserved bits 31:16 of the data are not zero, and shv is set';
    problems.push(violation({ field: 'dataHigh', text, fault: vtdFault('vtd/request-reserved') }));
  }
  if (index >= INDEX_END) {
    const text = `index ${index} is beyond any table (QEMU takes entry ${index - INDEX_END})`;
    problems.push(violation({ field: 'subhandle', text, fault: vtdFault('vtd/index-bounds') }));
  }
  if (!shv && (dataHigh || subhandle))
    problems.push(warning({ field: 'shv', text: 'clear: the data is not looked at' }));
  return problems;
}

function decodeRemappable(message: Message, reader: Reader): Decoding {
  const words = messageWords(message);
  const index = remappableIndex(words);
  const { shv, handle, subhandle } = decode(REMAPPABLE, words);
  const problems = remappableProblems(words);
  const refused = problems.find(({ severity }) => severity === 'violation')?.fault;
  return decodingOf({
    kind: 'message',
    entry: messageEntry(REMAPPABLE, words),
    meanings: {
      handle: `index ${handle}`,
      subhandle: shv ? `adds ${subhandle}` : 'not looked at',
    },
    summary: `remappable format: index ${index}${refused ? `, refused with ${faultText(refused)}` : ''}`,
    derived: { interrupt: true, messageFormat: 'remappable', index, handle, shv },
    problems,
    more: readerParts(reader, message),
  });
}

function amdProblems(message: Message): DecodeProblem[] {
  const { deliveryMode, destMode } = readCompat(message, false);
  const refuse = (text: string, check: Parameters<typeof amdFault>[0], field = 'index') => [
    violation({ field, text, fault: amdFault(check) }),
  ];
  switch (DELIVERY_MODES[deliveryMode]) {
    case 'fixed':
    case 'lowest':
      return [];
    case 'smi':
      return refuse('bits 10:8 ask for an SMI', 'amdvi/smi');
    case 'reserved3':
    case 'reserved6':
      return refuse('bits 10:8 are a reserved delivery mode', 'amdvi/delivery-mode');
    default:
      return destMode
        ? refuse('logical destination', 'amdvi/physical-destination', 'destMode')
        : [
            warning({
              field: 'index',
              text: 'bits 10:8 are a delivery mode that passes unmapped or not at all',
              fault: amdFault('amdvi/pass-bit'),
            }),
          ];
  }
}

function decodeIndexed(message: Message, reader: Reader): Decoding {
  const words = messageWords(message);
  const { index } = decode(AMD_INDEXED, words);
  const { deliveryMode } = readCompat(message, false);
  const mode = DELIVERY_MODES[deliveryMode];
  return decodingOf({
    kind: 'message',
    entry: messageEntry(AMD_INDEXED, words),
    meanings: { index: `entry ${index}, delivery mode ${mode}` },
    summary: `index from the data: ${amdText(message)}`,
    derived: { interrupt: true, messageFormat: 'indexed', index, deliveryMode },
    problems: amdProblems(message),
    more: readerParts(reader, message),
  });
}

function decodePlainWrite(message: Message, more: Partial<Reader>): Decoding {
  const words = messageWords(message);
  const { addressLow, addressHigh, data } = message;
  const problems: DecodeProblem[] = [];
  if (addressHigh && inWindow({ ...message, addressHigh: 0 })) {
    const text =
      'address 63:32 is not zero; a unit that takes the write for an interrupt refuses it';
    const fault = vtdFault('vtd/request-reserved');
    problems.push(
      isRemappable(message)
        ? violation({ field: 'addressHigh', text, fault })
        : warning({ field: 'addressHigh', text: 'address 63:32 is not zero' }),
    );
  }
  if (inWindow({ addressLow: data, addressHigh: 0, data: addressLow }))
    problems.push(hint(`the address comes first: try ${hex(data)} ${hex(addressLow, 1)}`));
  const window = `${hex(WINDOW.first)} to ${hex(WINDOW.last)}`;
  const address = addressHigh ? hex64(addressHigh, addressLow) : hex(addressLow);
  return decodingOf({
    kind: 'message',
    entry: messageEntry(PLAIN_WRITE, words),
    summary: `not an interrupt: ${address} lies outside ${window}`,
    derived: { interrupt: false, messageFormat: 'none' },
    problems,
    more,
  });
}

/**
 * A message, read by the unit named, or by its own format bit where `as` is null: remappable
 * format as a VT-d unit does, compatibility format as a local APIC does.
 */
export function decodeMessage(message: Message, as: MessageReader | null): Decoding {
  const bit = isRemappable(message) ? 1 : 0;
  const own: MessageReader = bit ? 'vtd' : 'x86';
  const reader: Reader = {
    as: as ?? own,
    asBecause: as ? `--as ${as} says so` : `address bit 4, its own format bit, is ${bit}`,
  };
  if (!inWindow(message)) return decodePlainWrite(message, as ? reader : {});
  if (reader.as === 'amdvi') return decodeIndexed(message, reader);
  return reader.as === 'vtd' && bit
    ? decodeRemappable(message, reader)
    : decodeCompat(message, reader);
}
