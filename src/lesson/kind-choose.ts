import type { OptionYaml } from '../scenario/schema-lesson.ts';
import { type Kind, shuffled } from './kind.ts';
import type { Choice } from './question.ts';
import { isSo, type Library } from './value.ts';

/** Options as they are shown; their keys are their places in the file. */
export const choicesOf = (options: readonly OptionYaml[]): Choice[] =>
  shuffled(
    options.map(({ text }, i) => ({ key: String(i), text })),
    ({ text }) => text,
  );

/** Keys of the options that are so in the run. */
export const rightOptions = (library: Library, options: readonly OptionYaml[]): string[] =>
  options.flatMap(({ when }, i) => (when && isSo(library, when) ? [String(i)] : []));

/** One option of several: the one whose claim is so in the run. */
export const choose: Kind<readonly OptionYaml[]> = {
  question: (_, options) => ({ kind: 'choose', choices: choicesOf(options) }),
  answer: (library, options) => ({
    right: rightOptions(library, options).map(key => [key]),
    seq: -1,
  }),
  misconception: (_, options, [key]) => options[Number(key)]?.misconception ?? '',
};
