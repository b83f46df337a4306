import type { OrderYaml } from '../scenario/schema-lesson.ts';
import { type Kind, shuffled } from './kind.ts';
import type { Choice } from './question.ts';
import { recordAt } from './select.ts';
import { type Library, runIn } from './value.ts';

/** Keys in the order in which their records come; empty where one of them is missing. */
function inOrder(library: Library, { of }: OrderYaml): { keys: string[]; last: number } {
  const run = runIn(library);
  const found = of.map(({ record }, i) => ({
    key: String(i),
    seq: recordAt(run, record)?.seq ?? -1,
  }));
  const sorted = found.toSorted((a, b) => a.seq - b.seq);
  const complete = sorted.every(({ seq }, i) => seq >= 0 && seq !== sorted[i - 1]?.seq);
  return {
    keys: complete ? sorted.map(({ key }) => key) : [],
    last: sorted[sorted.length - 1]?.seq ?? -1,
  };
}

/** In which order things happen. */
export const order: Kind<OrderYaml> = {
  question: (_, { of }) => ({
    kind: 'order',
    choices: shuffled(
      of.map(({ text }, i): Choice => ({ key: String(i), text })),
      ({ text }) => text,
    ),
  }),
  answer(library, ask) {
    const { keys, last } = inOrder(library, ask);
    return { right: keys.length > 0 ? [keys] : [], seq: last };
  },
  misconception: (_, ask) => ask.otherwise ?? '',
};
