import type { MatrixCell } from '../report/matrix.ts';
import { breaksIsolation } from '../runner/run-view.ts';
import type { Scenario } from '../scenario/compile.ts';
import type { ScenarioDocument } from '../scenario/write-scenario.ts';
import { type Counterexample, counterexample } from './counterexample.ts';
import { type Exploration, type ExploreOptions, explore } from './explore.ts';
import { judge } from './judge.ts';
import { nameOf } from './names.ts';
import type { Reached } from './search.ts';

/** A cell of a matrix, and the file that shows why it is broken; null where it holds. */
export interface Answered {
  readonly cell: Omit<MatrixCell, 'counterexample'>;
  readonly counterexample: Counterexample | null;
}

/** Answers one cell: explores it, and writes down the shortest way to break it. */
export function answerCell(
  scenario: Scenario,
  document: ScenarioDocument,
  options: ExploreOptions = {},
): Answered {
  const found = explore(scenario, options);
  const worst = found.reached.find(({ finding }) => breaksIsolation(finding)) ?? null;
  const { isolated, works, refused, complete, states, transitions, depth } = found;
  const broken =
    worst && counterexample({ ...found, document }, worst, { about: aboutCell(scenario, worst) });
  const asserts = judge(scenario, {
    ...found,
    findings: found.reached.map(({ finding }) => finding),
  });
  return {
    counterexample: broken,
    cell: {
      cell: scenario.cell,
      isolated,
      works,
      refused,
      complete,
      states,
      transitions,
      depth,
      rule: worst?.finding.rule ?? null,
      steps: worst?.depth ?? null,
      sentence: worst?.finding.sentence ?? '',
      reasons: isolated === false ? [] : reasonsOf(found),
      pass: asserts.every(({ pass }) => pass),
    },
  };
}

/** What kept each kind of message from doing harm. */
const reasonsOf = ({ blame }: Exploration): MatrixCell['reasons'] =>
  blame.filter(({ end }) => end !== 'delivered').map(({ kind, end }) => ({ kind, end }));

/** How the file about a cell is called, and what it says of itself. */
function aboutCell(scenario: Scenario, { finding, depth }: Reached) {
  const place = Object.entries(scenario.cell)
    .map(([axis, value]) => `${axis}: ${value}`)
    .join(', ');
  return {
    name: nameOf(scenario.name, scenario.cell),
    title: `Broken in ${depth} actions: ${finding.rule}`,
    description: `The shortest way to break isolation that ${scenario.name} has with ${place}.`,
  };
}
