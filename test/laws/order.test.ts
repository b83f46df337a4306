import fc from 'fast-check';
import { expect, test } from 'vitest';
import { run } from '../../src/engine/run.ts';
import type { ScenarioYaml } from '../../src/scenario/schema.ts';
import { subjectOf } from './subject.ts';

/** Threads of a race by the times their steps ask for. */
type Threads = readonly (readonly number[])[];

const raceOf = (threads: Threads): ScenarioYaml => ({
  irqscope: 1,
  name: 'order',
  title: 'steps that ask for equal times',
  devices: { d0: { bdf: '00:03.0', store: 'msi' } },
  steps: [
    {
      race: Object.fromEntries(
        threads.map((times, thread) => [
          `t${thread}`,
          times.map((timeNs, index) => ({
            raise: 'd0.0',
            at: `${timeNs}ns`,
            label: `${thread}.${index}`,
          })),
        ]),
      ),
    },
  ],
});

/**
 * What must come out, from the law alone: a step is asked for when the one before it begins, or
 * when the race does; of steps that are due at the same time, the one asked for first goes first.
 */
function expectedOrder(threads: Threads): string[] {
  const asked = threads.flatMap((times, thread) =>
    times.length > 0 ? [{ thread, index: 0, dueNs: times[0] }] : [],
  );
  const order: string[] = [];
  while (asked.length > 0) {
    const dueNs = Math.min(...asked.map(step => step.dueNs));
    const [{ thread, index }] = asked.splice(
      asked.findIndex(step => step.dueNs === dueNs),
      1,
    );
    order.push(`${thread}.${index}`);
    const times = threads[thread];
    if (index + 1 < times.length)
      asked.push({ thread, index: index + 1, dueNs: Math.max(dueNs, times[index + 1]) });
  }
  return order;
}

test('steps that ask for equal times go in the order in which they were asked for', () => {
  const times = fc.array(fc.constantFrom(0, 1, 2, 3, 7), { maxLength: 5 });
  fc.assert(
    fc.property(fc.array(times, { minLength: 1, maxLength: 5 }), threads => {
      const { machine, program } = subjectOf(raceOf(threads));
      const { trace } = run(machine, program, { seed: 0, pick: () => 0 }).recorder;
      const labels = trace.flatMap(record =>
        record.act === 'step' && record.label ? [record.label] : [],
      );
      expect(labels).toEqual(expectedOrder(threads));
    }),
  );
});
