import { type ExploreOptions, explore } from '../explore/explore.ts';
import { answerCell } from '../explore/matrix.ts';
import type { Reductions } from '../explore/reduce.ts';
import { type ExploreReport, reportOf } from '../explore/report.ts';
import type { MatrixCell } from '../report/matrix.ts';
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

/** Work on one variant of a file, which any worker can do. */
export type Job = {
  readonly file: string;
  /** Place of the variant in the file. */
  readonly index: number;
  readonly bounds: Bounds;
} & ({ readonly kind: 'matrix' } | { readonly kind: 'explore'; readonly witnesses: number });

export interface MatrixAnswer {
  readonly cell: Omit<MatrixCell, 'counterexample'>;
  readonly counterexample: { readonly name: string; readonly text: string } | null;
}

export interface JobResults {
  readonly matrix: MatrixAnswer;
  readonly explore: ExploreReport;
}

let loaded: { readonly file: string; readonly variants: readonly FileVariant[] } | null = null;

function variantAt(file: string, index: number): FileVariant {
  if (loaded?.file !== file) loaded = { file, variants: loadVariants(file).variants };
  return loaded.variants[index];
}

/** Does a job, and gives back plain data. */
export function perform(job: Job): JobResults[Job['kind']] {
  const { scenario, document } = variantAt(job.file, job.index);
  const options = optionsOf(job.bounds);
  if (job.kind === 'explore')
    return reportOf(explore(scenario, options), document, { witnesses: job.witnesses });
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
