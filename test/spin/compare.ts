import { expect, test } from 'vitest';
import { explore } from '../../src/explore/explore.ts';
import { breaksIsolation } from '../../src/runner/run-view.ts';
import type { Scenario } from '../../src/scenario/compile.ts';
import type { Cell } from '../../src/scenario/resolve.ts';
import { FILES, load } from '../scenario/files.ts';
import { describeWith } from '../tools.ts';
import { type Answer, answerOf, attackDefines, cellName, honestDefines } from './cells.ts';
import { projections } from './projection.ts';
import { byHand, createSpin, type SpinSearch, type SpinTools } from './spin.ts';

const FILE = 'matrix/open-question.yaml';

/** Every cell of the open question, as a scenario. */
export function matrixCells(): readonly Scenario[] {
  const { scenarios } = load(FILE, FILES.find(({ name }) => name === FILE)?.text ?? '');
  if (scenarios.length === 0) throw new Error(`${FILE} has no cells`);
  return scenarios;
}

/** Compilers and searches are slow where much runs at once. */
export const SLOW_MS = 120_000;

/** Remap units that are compared together: files of tests run side by side. */
export const PARTS = {
  none: ['none', 'vtd-compat'],
  vtd: ['vtd', 'vtd-nosid'],
  amdvi: ['amdvi', 'amdvi-shared'],
} as const;

/** Tests that need SPIN and a C compiler for its searchers. */
export function describeSpin(name: string, tests: (tools: SpinTools) => void): void {
  describeWith('spin', name, spin =>
    describeWith('cc', 'as SPIN has it', cc => tests({ spin, cc })),
  );
}

/**
 * Our answer, in the terms both share. Symmetry and partial order are off: they leave out states
 * that SPIN counts.
 */
export function ownAnswer(scenario: Scenario): Answer {
  const found = explore(scenario, { reduce: ['slice'] });
  const { isolated, works, complete, reached } = found;
  if (!complete || isolated === null) throw new Error('the exploration is not complete');
  const broken = reached.find(({ finding }) => breaksIsolation(finding));
  return { isolated, works, states: projections(found).size, steps: broken?.depth ?? null };
}

type Ask = (defines: readonly string[]) => Promise<SpinSearch>;

/** SPIN's answer for a cell. `change` is what a mutation does to the names that are defined. */
export async function spinAnswer(
  ask: Ask,
  cell: Cell,
  change: (defines: readonly string[]) => readonly string[] = same => same,
): Promise<Answer> {
  const [attack, honest] = await Promise.all([
    ask(change(attackDefines(cell))),
    ask(change(honestDefines(cell))),
  ]);
  return answerOf(attack, honest);
}

const FIELDS = ['isolated', 'works', 'states', 'steps'] as const satisfies (keyof Answer)[];
const FIELD_TEXTS = {
  isolated: 'isolated',
  works: 'works',
  states: 'projected states',
  steps: 'actions to the nearest violation',
} as const;

/** Which fields of two answers differ, a line each. */
export const differences = (cell: Cell, ours: Answer, theirs: Answer): string[] =>
  FIELDS.filter(field => ours[field] !== theirs[field]).map(
    field =>
      `${cellName(cell)}: ${FIELD_TEXTS[field]}: irqscope ${ours[field]}, SPIN ${theirs[field]}`,
  );

/** How to ask both about a cell by hand. */
const askByHand = (cell: Cell): string =>
  [
    'To ask both by hand:',
    `  isolated, states, steps: ${byHand(attackDefines(cell))}`,
    `  works: ${byHand(honestDefines(cell))}`,
    `  irqscope matrix ${Object.entries(cell)
      .map(([axis, value]) => `--cell ${axis}=${value}`)
      .join(' ')}`,
  ].join('\n');

/** Compares every cell with one of these remap units; `after` may look at what both said. */
export function compareMatrix(
  remaps: readonly string[],
  after?: (ask: Ask, answers: ReadonlyMap<string, Answer>) => void,
): void {
  describeSpin(`the open question over ${remaps.join(', ')}`, tools => {
    const ask = createSpin(tools);
    const answers = new Map<string, Answer>();
    const cells = matrixCells().filter(({ cell }) => remaps.includes(cell.remap));
    test.each(cells.map(scenario => [cellName(scenario.cell), scenario] as const))(
      '%s',
      async (name, scenario) => {
        const asked = spinAnswer(ask, scenario.cell);
        const ours = ownAnswer(scenario);
        answers.set(name, ours);
        const found = differences(scenario.cell, ours, await asked);
        expect(found, [...found, askByHand(scenario.cell)].join('\n')).toEqual([]);
      },
      SLOW_MS,
    );
    after?.(ask, answers);
  });
}
