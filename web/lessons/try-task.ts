import { castDraft } from 'immer';
import type { Given, Judgement } from '../../src/index.ts';
import type { Runs } from '../app/runs.ts';
import type { Store } from '../app/store.ts';
import type { LessonReply } from '../worker/protocol.ts';
import { keepAnswer } from './answers.ts';
import type { TriedOut } from './state.ts';

/** What trying a task needs of the desk. */
interface Bench {
  readonly store: Store;
  readonly runs: Runs;
  readonly ask: (want: 'solution', given: Given | null, hear: (reply: LessonReply) => void) => void;
}

/** Runs a learner's change, shows the run, and says whether the goal is reached. */
export function tryTask({ store, runs, ask }: Bench, text: string): void {
  const { lesson, place, presenting } = store.state();
  const say = (tried: TriedOut, judgement: Judgement | null): void =>
    store.change(draft => {
      draft.lesson.tried = castDraft(tried);
      draft.lesson.judgement = castDraft(judgement);
    });
  say({ kind: 'running', problems: [], missing: [] }, null);
  const attempt = { part: place.part - 1, roll: lesson.roll, text };
  runs.tryOut(attempt, reply => {
    if (reply.kind === 'problems')
      say({ kind: 'problems', problems: reply.problems, missing: [] }, null);
    if (reply.kind === 'crash')
      store.change(draft => {
        draft.lesson.phase = 'failed';
      });
    if (reply.kind !== 'verdict' || !reply.verdict) return;
    const missing = reply.verdict.asserts.filter(({ pass }) => !pass);
    const isDone = missing.length === 0;
    if (!presenting)
      keepAnswer(lesson.lesson?.name ?? '', place.part, { given: [text], right: isDone });
    if (!isDone) return say({ kind: 'missed', problems: [], missing }, null);
    ask('solution', null, solution => {
      if (solution.kind !== 'solution') return;
      const { explain } = solution;
      say(
        { kind: 'done', problems: [], missing: [] },
        { right: true, answer: [text], said: '', explain, seq: -1 },
      );
    });
  });
}
