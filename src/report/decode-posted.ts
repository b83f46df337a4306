import { DESCRIPTOR, PIR_WORDS } from '../arch/posted.ts';
import { XAPIC_DEST } from '../arch/vtd.ts';
import { bitsIn } from '../bits/bitmap.ts';
import { decode, field, isClear, layout, reservedMasks } from '../bits/layout.ts';
import { popcount, type Word } from '../bits/word.ts';
import { vectorText } from '../model/describe.ts';
import { type ApicMode, type Decoding, decodingOf, wholeEntry } from './decode.ts';
import {
  destMeaning,
  listed,
  reservedViolations,
  vectorMeaning,
  vtdFault,
} from './decode-terms.ts';

const { ndst } = DESCRIPTOR.fields;
const idBit = ndst.bit + XAPIC_DEST.shift;
const idWidth = popcount(XAPIC_DEST.mask);
const idEnd = idBit + idWidth;

/** The descriptor where APIC ids have 8 bits: NDST holds its id in bits 15:8. [VTD 9.12] */
const DESCRIPTOR_XAPIC = layout({
  ...DESCRIPTOR,
  fields: {
    ...DESCRIPTOR.fields,
    rsvd288: field(ndst.bit, XAPIC_DEST.shift, 'reserved', { reserved: 'ignored' }),
    ndst: field(idBit, idWidth, 'NDST: notification destination'),
    rsvd304: field(idEnd, ndst.bit + ndst.width - idEnd, 'reserved', { reserved: 'ignored' }),
  },
});

/** Whether these words, lowest first, look like a descriptor in use. */
export const looksLikeDescriptor = (words: readonly Word[]): boolean =>
  decode(DESCRIPTOR, words).nv !== 0 && isClear(words, reservedMasks(DESCRIPTOR));

const MANY = 8;

function vectorsText(vectors: readonly number[]): string {
  const shown = vectors.slice(0, MANY).map(vectorText);
  const rest = vectors.length - shown.length;
  return listed(rest > 0 ? [...shown, `${rest} more`] : shown);
}

/** What the next posted interrupt does besides setting its bit. [VTD 5.2.3] */
function nextPost(on: number, sn: number, notification: string): string {
  if (on) return 'a further post sends nothing: a notification is outstanding';
  if (sn) return `only an urgent post sends ${notification}: notifications are suppressed`;
  return `the next post sends ${notification}`;
}

/** A posted interrupt descriptor: sixteen words, lowest first. [VTD 9.12] */
export function decodeDescriptor(words: readonly Word[], mode: ApicMode): Decoding {
  const form = mode === 'xapic' ? DESCRIPTOR_XAPIC : DESCRIPTOR;
  const { on, sn, nv, ndst } = decode<keyof typeof DESCRIPTOR.fields>(form, words);
  const pending = bitsIn(words.slice(0, PIR_WORDS));
  const notification = `vector ${vectorText(nv)} to APIC ${ndst}`;
  const waiting =
    pending.length === 0
      ? 'nothing is pending'
      : `${pending.length === 1 ? 'vector' : 'vectors'} ${vectorsText(pending)} pending`;
  const pirMeanings = Object.fromEntries(
    words.slice(0, PIR_WORDS).map((map, i) => {
      const vectors = bitsIn([map]).map(bit => bit + 32 * i);
      return [`pir${i}`, vectors.length === 0 ? 'none pending' : vectorsText(vectors)];
    }),
  );
  return decodingOf<string>({
    kind: 'descriptor',
    entry: wholeEntry<string>(form, words),
    meanings: {
      ...pirMeanings,
      nv: vectorMeaning(nv),
      ndst: destMeaning(ndst, 0, mode),
    },
    summary: `${waiting}; ${nextPost(on, sn, notification)}`,
    derived: { pending: pending.join(' '), on, sn, nv, ndst },
    problems: reservedViolations(form, words, vtdFault('vtd/descriptor-reserved')),
    more: { apicMode: mode },
  });
}
