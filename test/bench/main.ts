import { parseArgs } from 'node:util';
import type { Goal, Outcome } from './goal.ts';
import { GOALS } from './goals.ts';
import type { Timing } from './measure.ts';

/*
 * npm run bench -- [GOAL...] [--json]
 * Without goals, all of them. Exit code 1 when a goal is missed, 2 for a goal there is not.
 */

interface Result {
  readonly goal: Goal;
  readonly outcome: Outcome;
}

function chosenGoals(ids: readonly string[]): readonly Goal[] {
  const wanted = ids.map(id => id.toUpperCase());
  const unknown = wanted.find(id => !GOALS.some(goal => goal.id === id));
  if (unknown !== undefined) {
    console.error(`no goal ${unknown}; there are ${GOALS.map(goal => goal.id).join(', ')}`);
    process.exit(2);
  }
  return wanted.length === 0 ? GOALS : GOALS.filter(goal => wanted.includes(goal.id));
}

function timingLine({ name, nsPerEvent, bestNs, worstNs }: Timing): string {
  const mean = `${nsPerEvent.toFixed(1).padStart(7)} ns an event`;
  const spread = `(${bestNs.toFixed(1)} to ${worstNs.toFixed(1)})`;
  return `    ${name.padEnd(34)}${mean} ${spread}, ${(1000 / nsPerEvent).toFixed(1)} M/s`;
}

function lines({ goal, outcome }: Result): string[] {
  const title = `${goal.id} ${goal.title}`;
  if (outcome.verdict === 'left-out') return [title, `    LEFT OUT: ${outcome.why}`];
  const { verdict, ratio, limit, timings } = outcome;
  return [title, ...timings.map(timingLine), `    ${ratio.toFixed(2)}, goal ${limit}: ${verdict}`];
}

const json = ({ goal, outcome }: Result) => ({ id: goal.id, title: goal.title, ...outcome });

const { values, positionals } = parseArgs({
  options: { json: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const results: Result[] = [];
for (const goal of chosenGoals(positionals)) {
  const result = { goal, outcome: goal.measure() };
  results.push(result);
  if (!values.json) console.log(lines(result).join('\n'));
}
if (values.json) console.log(JSON.stringify(results.map(json), null, 2));
if (results.some(({ outcome }) => outcome.verdict === 'missed')) process.exitCode = 1;
