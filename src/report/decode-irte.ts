import { DELIVERY_MODES } from '../arch/message.ts';
import { IEC_DESCRIPTOR, IRTE, IRTE_POSTED, SQ_MASKS, SVT, XAPIC_DEST } from '../arch/vtd.ts';
import { decode, field, get, isClear, layout, reservedMasks } from '../bits/layout.ts';
import { hex, hex64, popcount, type Word } from '../bits/word.ts';
import { requestText, vectorText } from '../model/describe.ts';
import { formatRequester } from '../model/requester.ts';
import {
  type ApicMode,
  type DecodeProblem,
  type Decoding,
  decodingOf,
  wholeEntry,
} from './decode.ts';
import {
  caveat,
  destMeaning,
  hint,
  listed,
  reservedViolations,
  vectorMeaning,
  vectorProblems,
  violation,
  vtdFault,
  warning,
} from './decode-terms.ts';

const { dest: wideDest, ...withoutDest } = IRTE.fields;
const idBit = wideDest.bit + XAPIC_DEST.shift;
const idWidth = popcount(XAPIC_DEST.mask);
const idEnd = idBit + idWidth;

/** The remapped form as a unit with EIME=0 reads it: the id lies in bits 47:40. [VTD 9.10] */
const IRTE_XAPIC = layout({
  ...IRTE,
  fields: {
    ...withoutDest,
    rsvd32: field(wideDest.bit, XAPIC_DEST.shift, 'reserved', { reserved: 'zero' }),
    dest: field(idBit, idWidth, 'destination APIC id'),
    rsvd48: field(idEnd, wideDest.bit + wideDest.width - idEnd, 'reserved', { reserved: 'zero' }),
  },
});

const F = IRTE.fields;
const FUNCTIONS = [0, 1, 2, 3, 4, 5, 6, 7];
const FUNCTION_MASK = 7;

const REMAPPED_RESERVED = reservedMasks(IRTE);
const POSTED_RESERVED = reservedMasks(IRTE_POSTED);

/** Whether these words, lowest first, look like a used entry: present, reserved bits clear. */
export const looksLikeIrte = (words: readonly Word[]): boolean =>
  get(words, F.present) === 1 &&
  isClear(words, get(words, F.im) ? POSTED_RESERVED : REMAPPED_RESERVED);

/** Whom the entry admits, in words. [VTD 9.10] */
function sourceText(words: readonly Word[]): string {
  const sid = get(words, F.sid);
  switch (get(words, F.svt)) {
    case SVT.none:
      return 'any requester';
    case SVT.requester: {
      const mask = SQ_MASKS[get(words, F.sq)];
      const admitted = FUNCTIONS.map(fn => (sid & ~FUNCTION_MASK) | fn).filter(
        rid => (rid & mask) === (sid & mask),
      );
      return `requester ${listed(admitted.map(formatRequester))}`;
    }
    case SVT.busRange:
      return `buses ${hex(sid >>> 8, 2)} to ${hex(sid & 0xff, 2)}`;
    default:
      return 'no requester';
  }
}

function sidMeaning(words: readonly Word[]): string {
  const sid = get(words, F.sid);
  switch (get(words, F.svt)) {
    case SVT.none:
      return `${formatRequester(sid)}, not compared`;
    case SVT.busRange:
      return `buses ${hex(sid >>> 8, 2)} to ${hex(sid & 0xff, 2)}`;
    default:
      return formatRequester(sid);
  }
}

/** What holds for both forms: presence, silence, and whom the entry admits. */
function commonProblems(words: readonly Word[]): DecodeProblem[] {
  const problems: DecodeProblem[] = [];
  if (!get(words, F.present)) {
    const text = 'not present: every request that names it is refused';
    problems.push(warning({ field: 'present', text, fault: vtdFault('vtd/present') }));
  }
  if (get(words, F.fpd))
    problems.push(warning({ field: 'fpd', text: 'refusals are not recorded' }));
  const svt = get(words, F.svt);
  const sid = get(words, F.sid);
  if (svt === SVT.none) {
    const text = 'requester ids are not checked: any device that names this entry raises it';
    problems.push(warning({ field: 'svt', text }));
  }
  if (svt === SVT.reserved) {
    const text = 'reserved type of source validation (QEMU gives 0x26 instead)';
    problems.push(violation({ field: 'svt', text, fault: vtdFault('vtd/entry-reserved') }));
  }
  if (svt === SVT.busRange && sid >>> 8 > (sid & 0xff)) {
    const text = 'the first bus lies behind the last: no requester passes';
    problems.push(warning({ field: 'sid', text, fault: vtdFault('vtd/source-id') }));
  }
  return problems;
}

const idle = (words: readonly Word[]): string => (get(words, F.present) ? '' : 'not present');

function destHints(words: readonly Word[], mode: ApicMode): DecodeProblem[] {
  const dest = get(words, wideDest);
  const narrow = (dest & XAPIC_DEST.reserved) === 0;
  if (mode === 'x2apic' && narrow && dest !== 0)
    return [
      hint(
        `an xAPIC entry has its id in these bits: --xapic reads APIC ${dest >>> XAPIC_DEST.shift}`,
      ),
    ];
  if (mode === 'xapic' && !narrow)
    return [hint(`as an x2APIC entry, without --xapic, this is APIC ${dest}`)];
  return [];
}

function decodeRemapped(words: readonly Word[], mode: ApicMode): Decoding {
  const form = mode === 'xapic' ? IRTE_XAPIC : IRTE;
  const { vector, deliveryMode, destMode, dest, redirHint, triggerMode } = decode(form, words);
  const request = { vector, deliveryMode, destMode, dest, redirHint, triggerMode };
  const refused = vtdFault('vtd/entry-reserved');
  const problems = [...commonProblems(words), ...reservedViolations(form, words, refused)];
  const modeName = DELIVERY_MODES[deliveryMode];
  if (modeName === 'reserved3' || modeName === 'reserved6') {
    const text = 'reserved delivery mode (QEMU lets it through)';
    problems.push(violation({ field: 'deliveryMode', text, fault: refused }));
  }
  problems.push(...vectorProblems(vector, deliveryMode), ...destHints(words, mode));
  return decodingOf({
    kind: 'irte',
    entry: wholeEntry(form, words),
    meanings: {
      sid: sidMeaning(words),
      dest: destMeaning(dest, destMode, mode),
      vector: vectorMeaning(vector),
    },
    summary: `${caveat(idle(words), problems)}${requestText(request)}, for ${sourceText(words)}`,
    derived: {
      present: get(words, F.present) === 1,
      posted: false,
      ...request,
      sid: sidMeaning(words),
    },
    problems,
    more: { apicMode: mode },
  });
}

function decodePosted(words: readonly Word[], mode: ApicMode): Decoding {
  const form = IRTE_POSTED;
  const { vector, urgent, pda, pdaHigh } = decode(form, words);
  const low = pda * 2 ** (form.fields.pda.bit % 32);
  const descriptor = `0x${hex64(pdaHigh, low)}`;
  const problems = [
    ...commonProblems(words),
    ...reservedViolations(form, words, vtdFault('vtd/entry-reserved')),
    hint('a unit that cannot post (CAP.PI=0) takes im for a reserved bit'),
  ];
  const urgency = urgent ? 'urgent' : 'not urgent';
  return decodingOf({
    kind: 'irte',
    entry: wholeEntry(form, words),
    meanings: {
      sid: sidMeaning(words),
      pda: `descriptor at ${descriptor}`,
      vector: vectorMeaning(vector),
    },
    summary: `${caveat(idle(words), problems)}posts virtual vector ${vectorText(vector)} to the descriptor at ${descriptor}, ${urgency}, for ${sourceText(words)}`,
    derived: {
      present: get(words, F.present) === 1,
      posted: true,
      vector,
      urgent,
      descriptor,
      sid: sidMeaning(words),
    },
    problems,
    more: { apicMode: mode },
  });
}

/** An entry of the VT-d interrupt remapping table: four words, lowest first; im tells the form. */
export const decodeIrte = (words: readonly Word[], mode: ApicMode): Decoding =>
  get(words, F.im) ? decodePosted(words, mode) : decodeRemapped(words, mode);

const IEC_TYPE = 4;

/** Whether these words look like a descriptor that invalidates interrupt entries. */
export const looksLikeIec = (words: readonly Word[]): boolean =>
  get(words, IEC_DESCRIPTOR.fields.type) === IEC_TYPE &&
  isClear(words, reservedMasks(IEC_DESCRIPTOR));

/** An interrupt entry cache invalidate descriptor: four words, lowest first. [VTD 6.5.2.7] */
export function decodeIec(words: readonly Word[]): Decoding {
  const { type, granularity, mask, index } = decode(IEC_DESCRIPTOR, words);
  const fault = { code: 'FSTS.IQE', name: 'invalidation-queue-error' };
  const count = granularity ? 2 ** mask : 0;
  const last = index - (index % Math.max(count, 1)) + count - 1;
  const problems = reservedViolations(IEC_DESCRIPTOR, words, fault);
  if (type !== IEC_TYPE) {
    const text = 'another type of descriptor: the fields below do not apply';
    problems.push(warning({ field: 'type', text }));
  }
  if (granularity && index % count !== 0) {
    const text = `index is not a multiple of ${count}: its low bits are not looked at`;
    problems.push(warning({ field: 'index', text }));
  }
  if (!granularity && (mask || index))
    problems.push(warning({ field: 'index', text: 'global: index and mask are not looked at' }));
  const which =
    count === 1 ? `cached entry ${index}` : `cached entries ${last - count + 1} to ${last}`;
  return decodingOf({
    kind: 'iec',
    entry: wholeEntry(IEC_DESCRIPTOR, words),
    meanings: { mask: `${2 ** mask} ${mask ? 'entries' : 'entry'}` },
    summary: granularity ? `invalidates ${which}` : 'invalidates all cached entries',
    derived: granularity ? { global: false, first: last - count + 1, count } : { global: true },
    problems,
  });
}
