import { RTE, RTE_REMAPPABLE, TRIGGER } from '../arch/ioapic.ts';
import { decode, get } from '../bits/layout.ts';
import { hex, type Word } from '../bits/word.ts';
import { requestText } from '../model/describe.ts';
import { type DecodeProblem, type Decoding, decodingOf, wholeEntry } from './decode.ts';
import { destMeaning, vectorMeaning, vectorProblems, warning } from './decode-terms.ts';

function pinProblems(words: readonly Word[]): DecodeProblem[] {
  const { mask, triggerMode, remoteIrr } = decode(RTE, words);
  const problems: DecodeProblem[] = [];
  if (mask) problems.push(warning({ field: 'mask', text: 'masked: the pin sends nothing' }));
  if (remoteIrr && triggerMode === TRIGGER.level)
    problems.push(warning({ field: 'remoteIrr', text: 'what was sent last has not been ended' }));
  return problems;
}

const triggerText = (words: readonly Word[]): string =>
  get(words, RTE.fields.triggerMode) === TRIGGER.level ? 'level' : 'edge';

function decodeCompat(words: readonly Word[]): Decoding {
  const { vector, deliveryMode, destMode, dest, destExt, triggerMode } = decode(RTE, words);
  const request = { vector, deliveryMode, destMode, dest, redirHint: 0, triggerMode };
  const extended = destExt * 2 ** RTE.fields.dest.width + dest;
  return decodingOf({
    kind: 'rte',
    entry: wholeEntry(RTE, words),
    meanings: {
      vector: vectorMeaning(vector),
      dest: destMeaning(dest, destMode, 'xapic'),
      destExt: destExt ? `id ${extended} = 0x${hex(extended, 4)} with these` : 'none',
    },
    summary: `${triggerText(words)}: ${requestText(request)}`,
    derived: { remappable: false, ...request, destExtended: extended },
    problems: [...pinProblems(words), ...vectorProblems(vector, deliveryMode)],
  });
}

function decodeRemappable(words: readonly Word[]): Decoding {
  const { index, vector, rsvd8 } = decode(RTE_REMAPPABLE, words);
  const problems = pinProblems(words);
  if (rsvd8)
    problems.push(warning({ field: 'rsvd8', text: 'bits 10:8 are to be zero in this format' }));
  return decodingOf({
    kind: 'rte',
    entry: wholeEntry(RTE_REMAPPABLE, words),
    meanings: { vector: `pin ${vector}, as Linux has it`, index: `entry ${index}` },
    summary: `${triggerText(words)}: entry ${index} of the unit's table`,
    derived: { remappable: true, index, vector },
    problems,
  });
}

/** An IO-APIC redirection table entry: two words, lowest first; bit 48 tells the format. */
export const decodeRte = (words: readonly Word[]): Decoding =>
  get(words, RTE.fields.format) ? decodeRemappable(words) : decodeCompat(words);
