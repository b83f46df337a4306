import type {
  AssertResult,
  Given,
  Judgement,
  Problem,
  ShownLesson,
  ShownPart,
} from '../../src/index.ts';

/**
 * Where a part of a lesson stands. `asking`: it waits for an answer; `playing`: the run plays on to
 * what shows it; `answered`: all is said.
 */
export type Phase = 'none' | 'loading' | 'asking' | 'playing' | 'answered' | 'failed';

/** What came of a learner’s change. */
export interface TriedOut {
  readonly kind: 'running' | 'problems' | 'missed' | 'done';
  readonly problems: readonly Problem[];
  /** What the goal still misses. */
  readonly missing: readonly AssertResult[];
}

/** The lesson that is done, as far as it is known. */
export interface LessonState {
  readonly phase: Phase;
  readonly lesson: ShownLesson | null;
  readonly part: ShownPart | null;
  /** The answer as it is chosen now. */
  readonly given: Given;
  readonly judgement: Judgement | null;
  /** What was tried of a task; null before the first try. */
  readonly tried: TriedOut | null;
  readonly hint: boolean;
  /** Which of its sets of numbers the lesson is done with. */
  readonly roll: number;
}

export const NO_LESSON: LessonState = {
  phase: 'none',
  lesson: null,
  part: null,
  given: [],
  judgement: null,
  tried: null,
  hint: false,
  roll: 0,
};
