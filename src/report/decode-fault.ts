import { REMAPPABLE, WINDOW } from '../arch/message.ts';
import { FRCD, FSTS, VTD_CHECKS, VTD_FAULTS } from '../arch/vtd.ts';
import { decode, encode, get } from '../bits/layout.ts';
import { hex, type Word } from '../bits/word.ts';
import { requestText } from '../model/describe.ts';
import { readCompat } from '../model/message.ts';
import { formatRequester } from '../model/requester.ts';
import {
  DECODE_FORMAT,
  type DecodeProblem,
  type Decoding,
  decodingOf,
  wholeEntry,
} from './decode.ts';
import { hint, vectorMeaning, warning } from './decode-terms.ts';

const COMPAT_BLOCKED = VTD_CHECKS['vtd/compat-format'].fault;
const WITH_PASID = VTD_CHECKS['vtd/pasid'].fault;

const faultOf = (reason: number): { name: string; text: string } | null =>
  Object.entries(VTD_FAULTS).find(([code]) => Number(code) === reason)?.[1] ?? null;

/** Whether these words, lowest first, look like a record of a refused interrupt. */
export const looksLikeFault = (words: readonly Word[]): boolean =>
  get(words, FRCD.fields.fault) === 1 && faultOf(get(words, FRCD.fields.reason)) !== null;

/**
 * What the record of a blocked compatibility request tells of it: its index is the handle the same
 * address bits would be, 19:5 and 2. Real logs: 0xfee14000 gave 0xa00; 0x8800 with a logical
 * destination. [LINUX fault logs]
 */
function blockedCompat(index: number): { address: string; destination: string } {
  const window = WINDOW.first >>> REMAPPABLE.fields.window.bit;
  const [addressLow] = encode(REMAPPABLE, { window, handle: index });
  const request = readCompat({ addressLow, addressHigh: 0, data: 0 }, true);
  return {
    address: hex(addressLow),
    destination: `${request.destMode ? 'logical id' : 'APIC'} ${request.dest}`,
  };
}

function faultProblems(words: readonly Word[]): DecodeProblem[] {
  const { fault, reason, index } = decode(FRCD, words);
  const problems: DecodeProblem[] = [];
  if (!fault) problems.push(warning({ field: 'fault', text: 'F is clear: no fault is recorded' }));
  if (!faultOf(reason))
    problems.push(
      warning({ field: 'reason', text: 'not a reason about interrupts: see the DMA faults' }),
    );
  if (reason === COMPAT_BLOCKED) {
    const { address, destination } = blockedCompat(index);
    const where = `the message was written to ${address} (bits 4:3, 1:0 unknown), for ${destination}`;
    problems.push(hint(`${where}; an index of 0 may also mean that the unit records none`));
  }
  return problems;
}

/** A fault recording register: four words, lowest first. [VTD 11.4.14] */
export function decodeFault(words: readonly Word[]): Decoding {
  const { reason, sid, index } = decode(FRCD, words);
  const known = faultOf(reason);
  const named = known
    ? `0x${hex(reason, 2)} ${known.name}: ${known.text}`
    : `reason 0x${hex(reason, 2)}`;
  const indexed = known !== null && reason !== COMPAT_BLOCKED && reason !== WITH_PASID;
  return decodingOf({
    kind: 'fault',
    entry: wholeEntry(FRCD, words),
    meanings: {
      sid: formatRequester(sid),
      index: indexed ? `entry ${index}` : 'not an entry',
      ...(known && { reason: `${known.name}: ${known.text}` }),
    },
    summary: `requester ${formatRequester(sid)}${indexed ? `, entry ${index}` : ''}: ${named}`,
    derived: {
      recorded: get(words, FRCD.fields.fault) === 1,
      requester: formatRequester(sid),
      reason: `0x${hex(reason, 2)}`,
      faultName: known?.name ?? '',
      index,
    },
    problems: faultProblems(words),
  });
}

/** The fault status register: one word. [VTD 11.4.9] */
export function decodeFaultStatus(words: readonly Word[]): Decoding {
  const { overflow, pending, iqe, record } = decode(FSTS, words);
  const said = [
    pending ? `a fault waits, first in record ${record}` : 'no fault waits',
    ...(overflow ? ['others were lost'] : []),
    ...(iqe ? ['the invalidation queue has an error'] : []),
  ];
  const lost = warning({ field: 'overflow', text: 'faults were lost: no record was free' });
  return decodingOf({
    kind: 'fault-status',
    entry: wholeEntry(FSTS, words),
    summary: said.join('; '),
    derived: { overflow: overflow === 1, pending: pending === 1, record },
    problems: overflow ? [lost] : [],
  });
}

/** An interrupt for which the kernel had no handler, by CPU number and vector. */
export function decodeSpurious(cpu: number, vector: number): Decoding {
  const request = { vector, deliveryMode: 0, destMode: 0, dest: cpu, redirHint: 0, triggerMode: 0 };
  const field = (name: string, value: number, text: string, meaning: string) => ({
    name,
    bits: '',
    part: '',
    value,
    hex: `0x${hex(value, 2)}`,
    meaning,
    text,
  });
  return {
    entry: null,
    document: {
      format: DECODE_FORMAT,
      kind: 'spurious',
      title: 'interrupt without a handler',
      source: '[LINUX arch/x86/kernel/irq.c]',
      input: [],
      fields: [
        field('cpu', cpu, 'number of the CPU it arrived at', ''),
        field('vector', vector, 'vector it arrived with', vectorMeaning(vector)),
      ],
      summary: `${requestText(request).replace('APIC', 'CPU')}: nobody there expects it`,
      derived: { cpu, vector },
      problems: [],
    },
  };
}
