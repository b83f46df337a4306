import { compareReductions } from '../explore/compare.ts';
import { type ExploreOptions, explore } from '../explore/explore.ts';
import { type FuzzFailure, failureKey, fuzzOnce } from '../explore/fuzz.ts';
import { answerCell } from '../explore/matrix.ts';
import { killMutant, type Mutant } from '../explore/mutate.ts';
import { idOf } from '../explore/names.ts';
import type { Reductions } from '../explore/reduce.ts';
import { type ExploreReport, reportOf } from '../explore/report.ts';
import type { MatrixCell } from '../report/matrix.ts';
import type { Scenario } from '../scenario/compile.ts';
import { type Cell, matchesCell } from '../scenario/resolve.ts';
import { loadFiles } from './load.ts';
import { type FileVariant, loadVariants } from './variants.ts';

/** What may be asked of a search, as plain data. */
export interface Bounds {
  readonly depthMax?: number;
  readonly statesMax?: number;
  readonly goal?: string;
  readonly reduce?: Reductions;
  /** Milliseconds after which the search of one variant stops. */
  readonly timeMs?: number;
}

/** Work any worker can do: on one variant of a file, or on a whole corpus. */
export type Job = VariantJob | MutateJob | FuzzJob;

export type VariantJob = {
  readonly file: string;
  /** Place of the variant in the file. */
  readonly index: number;
  readonly bounds: Bounds;
} & (
  | { readonly kind: 'matrix' }
  | { readonly kind: 'explore'; readonly witnesses: number }
  | { readonly kind: 'compare' }
);

export interface MutateJob {
  readonly kind: 'mutate';
  readonly files: readonly string[];
  readonly rule: string;
}

/** Random walks with numbers from `from` on. */
export interface FuzzJob {
  readonly kind: 'fuzz';
  readonly file: string;
  readonly cell: Cell;
  readonly seed: number;
  readonly stepsMax: number;
  readonly goal: string;
  readonly from: number;
  readonly count: number;
}

export interface FuzzAnswer {
  readonly walks: number;
  readonly moves: number;
  readonly failures: readonly FuzzFailure[];
}

export interface MatrixAnswer {
  readonly cell: Omit<MatrixCell, 'counterexample'>;
  readonly counterexample: { readonly name: string; readonly text: string } | null;
}

/** Whether reductions change an answer, with what each search took. */
export interface CompareAnswer {
  readonly id: string;
  readonly comparable: boolean;
  readonly differences: readonly string[];
  readonly states: { readonly reduced: number; readonly whole: number };
}

export interface JobResults {
  readonly matrix: MatrixAnswer;
  readonly compare: CompareAnswer;
  readonly explore: ExploreReport;
  readonly mutate: Mutant;
  readonly fuzz: FuzzAnswer;
}

let loaded: { readonly file: string; readonly variants: readonly FileVariant[] } | null = null;

function variantsOf(file: string): readonly FileVariant[] {
  if (loaded?.file !== file) loaded = { file, variants: loadVariants(file).variants };
  return loaded.variants;
}

let corpus: { readonly key: string; readonly scenarios: readonly Scenario[] } | null = null;

function corpusOf(files: readonly string[]): readonly Scenario[] {
  const key = files.join('\n');
  if (corpus?.key !== key) corpus = { key, scenarios: loadFiles(files).scenarios };
  return corpus.scenarios;
}

/** Does a job, and gives back plain data. */
export function perform(job: Job): JobResults[Job['kind']] {
  if (job.kind === 'mutate') return killMutant(job.rule, corpusOf(job.files));
  return job.kind === 'fuzz' ? fuzz(job) : performOne(job);
}

function fuzz({ file, cell, from, count, ...options }: FuzzJob): FuzzAnswer {
  const variants = variantsOf(file).filter(({ scenario }) => matchesCell(cell, scenario.cell));
  const known = new Set<string>();
  const failures: FuzzFailure[] = [];
  let moves = 0;
  for (let walk = from; walk < from + count; walk++) {
    const went = fuzzOnce(variants, walk, { ...options, known });
    moves += went.moves;
    if (!went.failure) continue;
    failures.push(went.failure);
    known.add(failureKey(went.failure.rule, went.failure.id));
  }
  return { walks: count, moves, failures };
}

function performOne(job: VariantJob): JobResults[VariantJob['kind']] {
  const { scenario, document } = variantsOf(job.file)[job.index];
  const options = optionsOf(job.bounds);
  if (job.kind === 'explore')
    return reportOf(explore(scenario, options), document, { witnesses: job.witnesses });
  if (job.kind === 'compare') {
    const { comparable, differences, reduced, whole } = compareReductions(scenario, options);
    const states = { reduced: reduced.states, whole: whole.states };
    return { id: idOf(scenario), comparable, differences, states };
  }
  const { cell, counterexample } = answerCell(scenario, document, options);
  return {
    cell,
    counterexample: counterexample && { name: counterexample.name, text: counterexample.text },
  };
}

function optionsOf({ timeMs, ...bounds }: Bounds): ExploreOptions {
  if (timeMs === undefined) return bounds;
  const end = performance.now() + timeMs;
  return { ...bounds, expired: () => performance.now() > end };
}
