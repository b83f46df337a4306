import type { RuleName } from '../model/rules.ts';
import type { AssertResult } from '../runner/run-scenario.ts';
import { cellText } from '../scenario/resolve.ts';
import type { ScenarioDocument } from '../scenario/write-scenario.ts';
import type { BlameRow } from './blame.ts';
import { counterexample } from './counterexample.ts';
import type { Move } from './driver.ts';
import type { Exploration } from './explore.ts';
import { judge } from './judge.ts';
import { idOf, nameOf } from './names.ts';
import { type Witness, witnesses } from './witness.ts';

/** What was found of one rule, and the file that shows it. */
export interface FoundRule {
  readonly rule: RuleName;
  /** Length of the shortest way, in actions or events. */
  readonly depth: number;
  readonly sentence: string;
  /** The way in words. */
  readonly path: readonly string[];
  readonly name: string;
  readonly text: string;
}

/** What an exploration of one variant came to, as reports tell it. */
export interface ExploreReport {
  readonly id: string;
  readonly file: string;
  readonly cell: Readonly<Record<string, string>>;
  readonly isolated: boolean | null;
  readonly works: boolean;
  readonly refused: boolean;
  readonly complete: boolean;
  readonly states: number;
  readonly transitions: number;
  readonly depth: number;
  readonly bytesPerState: number;
  readonly found: readonly FoundRule[];
  readonly blame: readonly BlameRow[];
  /** Sample runs; none where something was found. */
  readonly witnesses: readonly Witness[];
  readonly asserts: readonly AssertResult[];
  readonly pass: boolean;
}

/** Puts an exploration into words and files. */
export function reportOf(
  exploration: Exploration,
  document: ScenarioDocument,
  how: { readonly witnesses: number },
): ExploreReport {
  const { scenario, reached } = exploration;
  const { isolated, works, refused, complete, states, transitions, depth } = exploration;
  const asserts = judge(scenario, {
    ...exploration,
    findings: reached.map(({ finding }) => finding),
  });
  const cell = cellText(scenario.cell);
  return {
    id: idOf(scenario),
    file: scenario.file,
    cell: scenario.cell,
    isolated,
    works,
    refused,
    complete,
    states,
    transitions,
    depth,
    bytesPerState: exploration.bytesPerState,
    found: reached.map(one => {
      const { rule, sentence } = one.finding;
      const name = `${nameOf(scenario.name, scenario.cell)}-${rule.replace('/', '-')}`;
      const title = `Found in ${one.depth} steps: ${rule}`;
      const description = `The shortest way to ${rule} in ${scenario.name}${cell ? ` with ${cell}` : ''}.`;
      const about = { name, title, description };
      const { text, result } = counterexample({ ...exploration, document }, one, { about });
      const shown = result.violations.find(v => v.rule === rule || v.also.includes(rule));
      const path = one.path.map(move => moveText(exploration, move));
      return { rule, depth: one.depth, sentence: shown?.sentence ?? sentence, path, name, text };
    }),
    blame: exploration.blame,
    witnesses: reached.length > 0 ? [] : witnesses(exploration, document, how.witnesses),
    asserts,
    pass: asserts.every(({ pass }) => pass),
  };
}

/** A move in words. */
export function moveText({ free, scenario }: Exploration, { event, picks }: Move): string {
  const chosen = picks.length > 0 ? `, choosing ${picks.join(', ')}` : '';
  switch (event.kind) {
    case 'action':
      return `${free.program.actions[event.of].name}${chosen}`;
    case 'thread':
      return `${event.of === 0 ? 'the script' : `thread ${event.of}`} goes on${chosen}`;
    case 'hop':
      return `message ${event.of} moves on${chosen}`;
    case 'invalidate':
      return `the unit of ${scenario.name} carries out an invalidation${chosen}`;
    default:
      return `${event.kind} ${event.of}${chosen}`;
  }
}
