import type {
  Cell,
  Film,
  Flip,
  Given,
  Judgement,
  Machine,
  Problem,
  Program,
  ScenarioResult,
  ShownLesson,
  ShownPart,
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
  /** A learner’s answer to a task, run in place of the scenario as written. */
  readonly attempt?: Attempt;
}

/** A part of a lesson, from 0, with one of its sets of numbers. */
export interface PartPlace {
  readonly part: number;
  readonly roll: number;
}

/** Sections of a scenario as a learner changed them. */
export interface Attempt extends PartPlace {
  readonly text: string;
}

/** Asks about a lesson: what a part shows, whether an answer is right, or how a task is done. */
export interface LessonRequest {
  readonly id: number;
  readonly source: Source;
  readonly lesson: PartPlace & {
    readonly want: 'part' | 'judgement' | 'solution';
    /** Null: only the right answer is wanted. */
    readonly given: Given | null;
  };
}

/** Whatever the page asks of the simulator. */
export type Request = RunRequest | LessonRequest;

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
  /** The file has a lesson about this scenario. */
  readonly hasLesson: boolean;
  /** Warnings of the loader. */
  readonly problems: readonly Problem[];
}

/** It could not do what it was asked. */
export type Failure =
  | { readonly id: number; readonly kind: 'problems'; readonly problems: readonly Problem[] }
  | { readonly id: number; readonly kind: 'crash'; readonly message: string };

/**
 * What comes of a run: first itself, then its digest and its tables, then the verdict over all
 * orders.
 */
export type RunReply =
  | { readonly id: number; readonly kind: 'run'; readonly run: RunData }
  | { readonly id: number; readonly kind: 'digest'; readonly digest: string }
  | { readonly id: number; readonly kind: 'tables'; readonly tables: TablesFilm }
  | { readonly id: number; readonly kind: 'verdict'; readonly verdict: ScenarioResult | null }
  | Failure;

/** What is said about a lesson. */
export type LessonReply =
  | {
      readonly id: number;
      readonly kind: 'part';
      readonly lesson: ShownLesson;
      readonly part: ShownPart;
    }
  | { readonly id: number; readonly kind: 'judgement'; readonly judgement: Judgement }
  | {
      readonly id: number;
      readonly kind: 'solution';
      readonly text: string;
      readonly explain: string;
    }
  | Failure;

/** Whatever the worker says. */
export type Reply = RunReply | LessonReply;
