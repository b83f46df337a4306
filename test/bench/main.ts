import { parseArgs } from 'node:util';
import type { Figure, Goal, Outcome } from './goal.ts';
import { GOALS } from './goals.ts';
import type { Timing } from './measure.ts';

/*
 * npm run bench -- [GOAL|SUITE...] [--json]
 * Without names, all goals. Exit code 1 when a goal is missed, 2 for a name there is not.
 */

interface Result {
  readonly goal: Goal;
  readonly outcome: Outcome;
}

/** Goals by their ids or suites, in whatever case. */
function chosenGoals(names: readonly string[]): readonly Goal[] {
  const wanted = names.map(name => name.toLowerCase());
  const namesOf = ({ id, suite }: Goal): string[] => [id.toLowerCase(), suite];
  const unknown = wanted.find(name => !GOALS.some(goal => namesOf(goal).includes(name)));
  if (unknown !== undefined) {
    const known = [...GOALS.map(({ id }) => id), ...new Set(GOALS.map(({ suite }) => suite))];
    console.error(`no goal or suite ${unknown}; there are ${known.join(', ')}`);
    process.exit(2);
  }
  if (wanted.length === 0) return GOALS;
  return GOALS.filter(goal => namesOf(goal).some(name => wanted.includes(name)));
}

const CHECK_WIDTH = 8;

function timingLine({ name, nsPerEvent, bestNs, worstNs, check }: Timing): string {
  const mean = `${nsPerEvent.toFixed(1).padStart(9)} ns an event`;
  const spread = `(${bestNs.toFixed(1)} to ${worstNs.toFixed(1)})`;
  const checksum = (check >>> 0).toString(16).padStart(CHECK_WIDTH, '0');
  return `    ${name.padEnd(38)}${mean} ${spread}, checksum ${checksum}`;
}

const figureLine = ({ name, value, limit, met }: Figure): string =>
  `    ${name}: ${value.toFixed(2)}, goal ${limit}: ${met ? 'met' : 'missed'}`;

function lines({ goal, outcome }: Result): string[] {
  const title = `${goal.id} ${goal.title}`;
  if (outcome.verdict === 'left-out') return [title, `    LEFT OUT: ${outcome.why}`];
  return [title, ...outcome.timings.map(timingLine), ...outcome.figures.map(figureLine)];
}

const json = ({ goal, outcome }: Result) => ({
  id: goal.id,
  suite: goal.suite,
  title: goal.title,
  ...outcome,
});

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
