import {
  AMD_IRTE_GUEST,
  AMD_IRTE32,
  AMD_IRTE128,
  AMD_XAPIC_DEST_MASK,
  DTE,
  INT_CTL,
  INT_TAB_LEN_MAX,
  INT_TYPE_MAX,
} from '../arch/amdvi.ts';
import { decode, field, get, isClear, type Layout, layout, reservedMasks } from '../bits/layout.ts';
import { hex, popcount, type Word } from '../bits/word.ts';
import { requestText, vectorText } from '../model/describe.ts';
import {
  type ApicMode,
  type DecodeProblem,
  type Decoding,
  decodingOf,
  wholeEntry,
} from './decode.ts';
import {
  amdFault,
  caveat,
  destMeaning,
  listed,
  reservedViolations,
  vectorMeaning,
  vectorProblems,
  violation,
  warning,
} from './decode-terms.ts';

const idWidth = popcount(AMD_XAPIC_DEST_MASK);
const { dest: wideDest } = AMD_IRTE128.fields;

/** What XTEn=0 makes of the destination of a 128-bit entry: the lowest bits count. [AMD 2.2.5.2] */
const narrowDest = {
  dest: field(wideDest.bit, idWidth, 'destination APIC id'),
  destIgnored: field(wideDest.bit + idWidth, wideDest.width - idWidth, 'not looked at: XTEn=0', {
    reserved: 'ignored',
    more: wideDest.more,
  }),
};
const NARROW = layout({ ...AMD_IRTE128, fields: { ...AMD_IRTE128.fields, ...narrowDest } });
const NARROW_GUEST = layout({
  ...AMD_IRTE_GUEST,
  fields: { ...AMD_IRTE_GUEST.fields, ...narrowDest },
});

const E = AMD_IRTE32.fields;

const clear = (words: readonly Word[], form: Layout): boolean =>
  isClear(words, reservedMasks(form));

/** Whether these words, lowest first, look like a used entry of the 128-bit table. */
export const looksLikeAmdIrte = (words: readonly Word[]): boolean =>
  get(words, E.remapEn) === 1 &&
  clear(words, get(words, E.guestMode) ? AMD_IRTE_GUEST : AMD_IRTE128);

/** What holds for every form of an entry. */
function commonProblems(words: readonly Word[], form: Layout): DecodeProblem[] {
  const problems: DecodeProblem[] = [];
  if (!get(words, E.remapEn)) {
    const text = 'not in use: every request that names it is refused';
    problems.push(warning({ field: 'remapEn', text, fault: amdFault('amdvi/remap-enabled') }));
  }
  if (get(words, E.supIoPf))
    problems.push(warning({ field: 'supIoPf', text: 'refusals by this entry are not logged' }));
  return [...problems, ...reservedViolations(form, words, amdFault('amdvi/entry-reserved'))];
}

const idle = (words: readonly Word[]): string => (get(words, E.remapEn) ? '' : 'not in use');

type Remapped = typeof AMD_IRTE32 | typeof AMD_IRTE128 | typeof NARROW;

function decodeRemapped(kind: string, form: Remapped, words: readonly Word[], mode: ApicMode) {
  const { vector, intType, destMode, dest, rqEoi } = decode<keyof Remapped['fields']>(form, words);
  const request = {
    vector,
    deliveryMode: intType,
    destMode,
    dest,
    redirHint: 0,
    triggerMode: rqEoi,
  };
  const problems = commonProblems(words, form);
  if (intType > INT_TYPE_MAX) {
    const fault = amdFault('amdvi/interrupt-type');
    problems.push(violation({ field: 'intType', text: 'reserved interrupt type', fault }));
  }
  return { kind, form, request, problems: [...problems, ...vectorProblems(vector, intType)], mode };
}

function remappedDecoding(
  { kind, form, request, problems, mode }: ReturnType<typeof decodeRemapped>,
  words: readonly Word[],
): Decoding {
  const { vector, dest, destMode } = request;
  return decodingOf<string>({
    kind,
    entry: wholeEntry<string>(form, words),
    meanings: { dest: destMeaning(dest, destMode, mode), vector: vectorMeaning(vector) },
    summary: `${caveat(idle(words), problems)}${requestText(request)}`,
    derived: { enabled: get(words, E.remapEn) === 1, guest: false, ...request },
    problems,
    more: { apicMode: mode },
  });
}

/** A 32-bit entry of the AMD-Vi interrupt table: one word. Its destination has 8 bits. */
export function decodeAmdIrte32(words: readonly Word[]): Decoding {
  const read = decodeRemapped('amd-irte32', AMD_IRTE32, words, 'xapic');
  if (get(words, E.guestMode)) {
    const text = 'guest mode needs 128-bit entries';
    const fault = amdFault('amdvi/guest-mode');
    read.problems.unshift(violation({ field: 'guestMode', text, fault }));
  }
  return remappedDecoding(read, words);
}

function decodeGuest(words: readonly Word[], mode: ApicMode): Decoding {
  const form: Layout = mode === 'xapic' ? NARROW_GUEST : AMD_IRTE_GUEST;
  const { guestVector, dest, vapicRoot, isRun, gaTag } = decode(form, words);
  const page = `0x${hex(vapicRoot * 2 ** 12)}`;
  const problems = commonProblems(words, form);
  const where = isRun ? `, which runs on APIC ${dest}` : ', which does not run';
  return decodingOf<string>({
    kind: 'amd-irte',
    entry: wholeEntry(form, words),
    meanings: {
      dest: destMeaning(dest, 0, mode),
      vapicRoot: `page at ${page}`,
      guestVector: vectorMeaning(guestVector),
    },
    summary: `${caveat(idle(words), problems)}guest vector ${vectorText(guestVector)} into the virtual APIC at ${page}${where}`,
    derived: { enabled: get(words, E.remapEn) === 1, guest: true, guestVector, dest, page, gaTag },
    problems,
    more: { apicMode: mode },
  });
}

/** A 128-bit entry of the AMD-Vi interrupt table: four words, lowest first. */
export function decodeAmdIrte(words: readonly Word[], mode: ApicMode): Decoding {
  if (get(words, E.guestMode)) return decodeGuest(words, mode);
  const form = mode === 'xapic' ? NARROW : AMD_IRTE128;
  return remappedDecoding(decodeRemapped('amd-irte', form, words, mode), words);
}

const D = DTE.fields;

/** Whether these words, lowest first, look like a used device table entry. */
export const looksLikeDte = (words: readonly Word[]): boolean =>
  (get(words, D.v) === 1 || get(words, D.iv) === 1) && reservedClear(words);

const reservedClear = (words: readonly Word[]): boolean => clear(words, DTE);

const address = (page: number, lowestBit: number): string => `0x${hex(page * 2 ** lowestBit)}`;

const PASSES = { NMI: D.nmiPass, INIT: D.initPass, ExtINT: D.eIntPass } as const;

const passing = (words: readonly Word[]): string[] =>
  Object.entries(PASSES).flatMap(([name, bit]) => (get(words, bit) ? [name] : []));

const tableAddress = (words: readonly Word[]): string =>
  address(get(words, D.intTabRoot), D.intTabRoot.bit % 32);

/** What becomes of Fixed and Arbitrated requests. [AMD 2.2.2.1] */
function fixedText(words: readonly Word[]): string {
  switch (get(words, D.intCtl)) {
    case INT_CTL.abort:
      return 'fixed interrupts are refused';
    case INT_CTL.pass:
      return 'fixed interrupts pass unmapped';
    case INT_CTL.remap:
      return `fixed interrupts are looked up in the table at ${tableAddress(words)}, ${2 ** get(words, D.intTabLen)} entries`;
    default:
      return 'fixed interrupts are refused: IntCtl is reserved';
  }
}

function dteProblems(words: readonly Word[]): DecodeProblem[] {
  const problems = reservedViolations(DTE, words, amdFault('amdvi/dte-reserved'));
  if (!get(words, D.iv)) {
    const text = 'interrupts of this device pass unmapped: nothing checks its messages';
    return [...problems, warning({ field: 'iv', text })];
  }
  const intCtl = get(words, D.intCtl);
  if (intCtl === INT_CTL.abort) {
    const fault = amdFault('amdvi/intctl-abort');
    problems.push(warning({ field: 'intCtl', text: 'fixed interrupts are refused', fault }));
  }
  if (intCtl === INT_CTL.pass) {
    const text = 'fixed interrupts pass unmapped: any vector, any CPU';
    problems.push(warning({ field: 'intCtl', text }));
  }
  if (intCtl === INT_CTL.reserved) {
    const fault = amdFault('amdvi/intctl-reserved');
    problems.push(violation({ field: 'intCtl', text: 'reserved value', fault }));
  }
  if (intCtl === INT_CTL.remap && get(words, D.intTabLen) > INT_TAB_LEN_MAX) {
    const text = `table lengths above 2^${INT_TAB_LEN_MAX} are reserved`;
    problems.push(violation({ field: 'intTabLen', text, fault: amdFault('amdvi/table-length') }));
  }
  const unmapped = passing(words);
  if (unmapped.length > 0) {
    const text = `${listed(unmapped)} of this device reach any CPU`;
    problems.push(warning({ field: 'nmiPass', text }));
  }
  if (get(words, D.ig))
    problems.push(warning({ field: 'ig', text: 'page faults of its interrupts are not logged' }));
  return problems;
}

/** A device table entry: eight words, lowest first. [AMD 2.2.2.1] */
export function decodeDte(words: readonly Word[]): Decoding {
  const entries = 2 ** get(words, D.intTabLen);
  const unmapped = passing(words);
  const others =
    unmapped.length > 0 ? `${listed(unmapped)} pass unmapped` : 'NMI, INIT and ExtINT are refused';
  const mapValid = get(words, D.iv) === 1;
  const said = mapValid
    ? `${fixedText(words)}; ${others}`
    : 'interrupts of this device pass unmapped (IV=0)';
  const problems = dteProblems(words);
  return decodingOf({
    kind: 'dte',
    entry: wholeEntry(DTE, words),
    meanings: {
      intTabLen: `${entries} entries`,
      intTabRoot: `table at ${tableAddress(words)}`,
      pageTableRoot: `table at ${address(get(words, D.pageTableRoot), D.pageTableRoot.bit)}`,
    },
    summary: `${reservedClear(words) ? '' : 'every request is refused; it would say: '}${said}`,
    derived: { iv: mapValid, intCtl: get(words, D.intCtl), entries, table: tableAddress(words) },
    problems,
  });
}
