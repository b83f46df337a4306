import { RTE, RTE_REMAPPABLE } from '../arch/ioapic.ts';
import { get } from '../bits/layout.ts';
import type { Word } from '../bits/word.ts';
import { vectorText } from '../model/describe.ts';
import { type Decoding, decodingOf, wholeEntry } from './decode.ts';
import { destMeaning, vectorMeaning, vectorProblems } from './decode-terms.ts';

const F = RTE.fields;

/** A redirection table entry of an IO-APIC: two words, lowest first; its format bit tells the form. */
export function decodeRte(words: readonly Word[]): Decoding {
  const quiet = get(words, F.mask) ? 'not heard: ' : '';
  const kind = 'rte';
  if (get(words, F.format)) {
    const index = get(words, RTE_REMAPPABLE.fields.index);
    return decodingOf({
      kind,
      entry: wholeEntry(RTE_REMAPPABLE, words),
      summary: `${quiet}the pin sends a message that names entry ${index}`,
      derived: { index, masked: get(words, F.mask) === 1 },
      problems: [],
    });
  }
  const [vector, deliveryMode] = [get(words, F.vector), get(words, F.deliveryMode)];
  const dest = destMeaning(get(words, F.dest), get(words, F.destMode), 'xapic');
  return decodingOf({
    kind,
    entry: wholeEntry(RTE, words),
    meanings: { dest, vector: vectorMeaning(vector) },
    summary: `${quiet}the pin sends a message with vector ${vectorText(vector)} to ${dest}`,
    derived: { vector, masked: get(words, F.mask) === 1 },
    problems: vectorProblems(vector, deliveryMode),
  });
}
