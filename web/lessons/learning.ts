import { castDraft } from 'immer';
import type { Store } from '../app/store.ts';
import type { Desk } from './desk.ts';
import { NO_LESSON } from './state.ts';

/** What users can do about lessons, by hand or by key. */
export interface Learning {
  /** Shows all lessons. */
  openLessons(): void;
  /** Goes to a part of the lesson of the open scenario, from 1; 0 leaves the lesson. */
  goToPart(part: number): void;
  /** The next part, or the one before. */
  turnPart(by: 1 | -1): void;
  /** Shows the answer, whether or not there is one. */
  revealAnswer(): void;
  setPresenting(on: boolean): void;
}

/** What can be done about lessons; `desk` is null until they are loaded. */
export function createLearning(store: Store, desk: () => Desk | null): Learning {
  const goToPart = (part: number): void =>
    store.change(draft => {
      const { lesson, roll } = draft.lesson;
      draft.place.part = part;
      draft.place.pin = null;
      draft.playing = false;
      draft.range = null;
      draft.editor = false;
      // Nothing of the run is shown before it is known where the part begins.
      draft.veil = part > 0 ? -1 : null;
      draft.lesson = castDraft(
        part > 0 ? { ...NO_LESSON, phase: 'loading', lesson, roll } : NO_LESSON,
      );
    });
  return {
    openLessons() {
      goToPart(0);
      store.change(draft => {
        draft.place.sheet = 'lessons';
      });
    },
    goToPart,
    turnPart(by) {
      const { place, lesson } = store.state();
      const next = place.part + by;
      if (place.part > 0 && next > 0 && next <= (lesson.lesson?.parts.length ?? 0)) goToPart(next);
    },
    revealAnswer: () => desk()?.answer(null),
    setPresenting: on =>
      store.change(draft => {
        draft.presenting = on;
      }),
  };
}
