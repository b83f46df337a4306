import type {
  Cell,
  Film,
  Flip,
  Machine,
  Problem,
  Program,
  ScenarioResult,
  TablesFilm,
  TraceRecord,
} from '../../src/index.ts';

/** A scenario as text, with the files it extends. */
export interface Source {
  readonly file: string;
  readonly text: string;
  /** Texts of the files it extends, by path under `scenarios/`. */
  readonly others: Readonly<Record<string, string>>;
}

/** What is different from the scenario as written. */
export interface Change {
  /** Checks of units and guards of software that are switched off. */
  readonly off: readonly string[];
  /** Bits turned over on the way, each in the run the ones before it led to. */
  readonly flips: readonly Flip[];
}

/** Asks the worker to run a variant. */
export interface RunRequest {
  readonly id: number;
  readonly source: Source;
  /** Null for the first variant. */
  readonly cell: Cell | null;
  /** Null for the scenario’s own. */
  readonly seed: number | null;
  readonly change: Change;
}

/** One step of the script, as the page shows it. */
export interface ScriptStep {
  readonly text: string;
  readonly verb: string;
  readonly label: string;
  readonly realm: string;
  readonly file: string;
  readonly line: number;
}

/** An error or warning of the checker, as far as the page shows it. */
export interface Finding {
  readonly rule: string;
  readonly seq: number;
  readonly sentence: string;
  readonly severity: string;
  readonly policy: string;
}

/** One run with everything the picture needs. */
export interface RunData {
  readonly name: string;
  readonly title: string;
  readonly refs: readonly string[];
  readonly cell: Cell;
  /** All variants of the file. */
  readonly cells: readonly Cell[];
  readonly seed: number;
  readonly machine: Machine;
  readonly program: Program;
  readonly steps: readonly ScriptStep[];
  readonly trace: readonly TraceRecord[];
  readonly film: Film;
  readonly findings: readonly Finding[];
  /** What holds of this run; the verdict tells of all of them. */
  readonly isolated: boolean;
  readonly works: boolean;
  readonly end: 'done' | 'limit';
  /** `interleave`: one order out of many; its place among those tried. */
  readonly order: { readonly index: number; readonly tried: number } | null;
  readonly change: Change;
  /** Warnings of the loader. */
  readonly problems: readonly Problem[];
}

/**
 * What the worker says. A run comes first, then its digest and its tables, then the verdict over
 * all orders.
 */
export type Reply =
  | { readonly id: number; readonly kind: 'run'; readonly run: RunData }
  | { readonly id: number; readonly kind: 'digest'; readonly digest: string }
  | { readonly id: number; readonly kind: 'tables'; readonly tables: TablesFilm }
  | { readonly id: number; readonly kind: 'verdict'; readonly verdict: ScenarioResult | null }
  | { readonly id: number; readonly kind: 'problems'; readonly problems: readonly Problem[] }
  | { readonly id: number; readonly kind: 'crash'; readonly message: string };
