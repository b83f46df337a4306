import { castDraft } from 'immer';
import type { TemplateResult } from 'lit-html';
import type { Given, Judgement, Question, ShownPart, Spot } from '../../src/index.ts';
import { spotKey } from '../../src/index.ts';
import { sameCell } from '../app/cells.ts';
import type { Context } from '../app/context.ts';
import type { Runs } from '../app/runs.ts';
import type { State } from '../app/state.ts';
import type { Store } from '../app/store.ts';
import type { Client } from '../worker/client.ts';
import type { LessonReply } from '../worker/protocol.ts';
import { keepAnswer } from './answers.ts';
import { lessonPanel } from './panel.ts';
import { markPicked } from './picked.ts';
import { sheet } from './sheets.ts';
import { tryTask } from './try-task.ts';
import { printWorksheets } from './worksheet.ts';

/** Where lessons are done: it asks the simulator, keeps answers, and plays the run to what shows them. */
export interface Desk {
  /** Sees to it that what is shown is what the place names. */
  follow(state: State): void;
  /** Takes an answer; null asks to be shown. */
  answer(given: Given | null): void;
  choose(given: Given): void;
  /** A part of the picture was chosen; false where it is no answer to anything. */
  takeSpot(spot: Spot): boolean;
  /** Ends the film that shows the answer. */
  skip(): void;
  showHint(): void;
  /** Shows how a task is done. */
  showSolution(): void;
  /** The same lesson with other numbers. */
  again(): void;
  panel(context: Context): TemplateResult;
  sheet(context: Omit<Context, 'run'>): TemplateResult;
}

export interface DeskHost {
  readonly turn: (by: 1 | -1) => void;
  readonly store: Store;
  readonly runs: Runs;
  readonly client: Client;
  readonly moved: (seq: number, how: 'jump' | 'move') => void;
}

/** The film to an answer takes about so long at most, in milliseconds. */
const FILM_MS = 5000;
const SPEED_MAX = 8;

/** What is chosen before anybody chooses: an order has to begin somewhere, a task has its text. */
function firstGiven(question: Question | null): Given {
  switch (question?.kind) {
    case 'order':
      return question.choices.map(({ key }) => key);
    case 'roles':
      return question.places.map(() => '');
    case 'verdict':
      return ['', ''];
    case 'repair':
      return [question.text];
    default:
      return [];
  }
}

/** What has just been drawn gets the focus, and is scrolled to. */
function focusSoon(selector: string): void {
  requestAnimationFrame(() => {
    const found = document.querySelector<HTMLElement>(selector);
    found?.focus({ preventScroll: true });
    found?.scrollIntoView({ block: 'nearest' });
  });
}

/** Puts up the place where lessons are done. */
export function createDesk(host: DeskHost): Desk {
  const { store, runs, client, moved, turn } = host;
  let asked = '';
  /** The simulator has been asked for that part, and has not answered. */
  let pending = false;
  /** A part whose run is not there yet. */
  let waiting: ShownPart | null = null;
  let speedBefore = 1;
  /** The part was chosen in the page: whoever reads on begins at its heading. */
  let turned = false;

  const change = (recipe: Parameters<Store['change']>[0]): void => store.change(recipe);
  const placeNow = () => {
    const { place, lesson } = store.state();
    return { part: place.part - 1, roll: lesson.roll };
  };

  const ask = (
    want: 'part' | 'judgement' | 'solution',
    given: Given | null,
    hear: (reply: LessonReply) => void,
  ): void => {
    const source = runs.source();
    if (!source) return;
    const key = asked;
    client.askLesson({ source, lesson: { ...placeNow(), want, given } }, reply => {
      if (key === asked) hear(reply);
    });
  };

  const fail = (): void =>
    change(draft => {
      draft.lesson.phase = 'failed';
      draft.veil = null;
    });

  const stand = (part: ShownPart): void => {
    waiting = null;
    const hides = part.question !== null && part.question.kind !== 'repair';
    change(draft => {
      draft.veil = hides ? part.stop : null;
      draft.place.seq = part.stop;
      draft.place.tab = part.show ?? 'why';
      if (part.table) draft.place.table = part.table;
      draft.lesson.part = castDraft(part);
      draft.lesson.given = [...firstGiven(part.question)];
      draft.lesson.phase = part.question ? 'asking' : 'answered';
    });
    moved(part.stop, 'jump');
    if (turned) focusSoon('#part-title');
    turned = false;
  };

  const takePart = (reply: LessonReply): void => {
    pending = false;
    if (reply.kind !== 'part') return fail();
    const { lesson, part } = reply;
    change(draft => {
      draft.lesson.lesson = castDraft(lesson);
    });
    waiting = part;
    const { place, load } = store.state();
    if (load.kind === 'ready' && sameCell(place.cell, part.cell)) return stand(part);
    change(draft => {
      draft.place.digest = '';
    });
    runs.open({ scenario: place.scenario, cell: part.cell, keep: true });
  };

  const finish = (): void => {
    const { judgement } = store.state().lesson;
    change(draft => {
      draft.range = null;
      draft.speed = speedBefore;
      draft.playing = false;
      draft.lesson.phase = 'answered';
      draft.place.tab = 'why';
      if (judgement) draft.place.seq = judgement.seq;
    });
    if (judgement) moved(judgement.seq, 'jump');
    focusSoon('.lesson .result');
  };

  /** Plays on from where the picture stands to what shows the answer. */
  const play = ({ seq }: Judgement): void => {
    const stop = store.state().lesson.part?.stop ?? -1;
    change(draft => {
      draft.veil = null;
    });
    const clock = runs.current()?.clock;
    if (!clock || seq <= stop) return finish();
    const lengthMs = clock.end[seq] - (stop < 0 ? 0 : clock.end[stop]);
    speedBefore = store.state().speed;
    const speed = Math.min(SPEED_MAX, Math.max(speedBefore, lengthMs / FILM_MS));
    change(draft => {
      draft.lesson.phase = 'playing';
      draft.range = { first: -1, last: seq };
      draft.speed = speed;
      draft.playing = true;
    });
  };

  store.listen((state, before) => {
    if (state.lesson.phase === 'playing' && before.playing && !state.playing) finish();
  });

  /** Presenters have two keys: what comes next, and what was before. */
  const present = (event: KeyboardEvent): void => {
    const { presenting, place, lesson } = store.state();
    if (!presenting || place.part === 0) return;
    if (event.key !== 'PageDown' && event.key !== 'PageUp') return;
    event.preventDefault();
    if (event.key === 'PageUp') turn(-1);
    else if (lesson.phase === 'playing') finish();
    else if (lesson.phase === 'asking' && lesson.part?.question?.kind !== 'repair')
      desk.answer(null);
    else turn(1);
  };
  document.addEventListener('keydown', present);

  const desk: Desk = {
    follow({ place, load, lesson }) {
      markPicked(document, lesson);
      if (place.part === 0) {
        asked = '';
        return;
      }
      const source = runs.source();
      if (!source || load.kind === 'loading') return;
      if (waiting && sameCell(place.cell, waiting.cell) && load.kind === 'ready')
        return stand(waiting);
      const key = JSON.stringify([source.text, place.part, lesson.roll]);
      if (key === asked && (lesson.phase !== 'loading' || pending || waiting)) return;
      pending = true;
      turned = asked !== '';
      asked = key;
      waiting = null;
      change(draft => {
        draft.lesson.phase = 'loading';
        draft.veil = -1;
      });
      ask('part', null, takePart);
    },
    choose: given =>
      change(draft => {
        draft.lesson.given = [...given];
      }),
    answer(given) {
      const { lesson, presenting, place } = store.state();
      if (lesson.phase !== 'asking' || lesson.part?.question?.kind === 'repair') return;
      ask('judgement', given, reply => {
        if (reply.kind !== 'judgement') return fail();
        const { judgement } = reply;
        if (!presenting && given)
          keepAnswer(lesson.lesson?.name ?? '', place.part, { given, right: judgement.right });
        change(draft => {
          draft.lesson.judgement = castDraft(judgement);
          draft.lesson.given = given ? [...given] : [];
        });
        play(judgement);
      });
    },
    takeSpot(spot) {
      const { phase, part } = store.state().lesson;
      if (phase !== 'asking' || part?.question?.kind !== 'component') return false;
      const key = spotKey(spot);
      if (part.question.choices.some(choice => choice.key === key)) desk.choose([key]);
      return true;
    },
    skip: finish,
    showHint: () =>
      change(draft => {
        draft.lesson.hint = true;
      }),
    showSolution: () =>
      ask('solution', null, reply => {
        if (reply.kind !== 'solution') return fail();
        desk.choose([reply.text]);
        tryTask({ store, runs, ask }, reply.text);
      }),
    again: () =>
      change(draft => {
        draft.lesson.roll++;
        draft.lesson.judgement = null;
        draft.lesson.tried = null;
      }),
    panel: context =>
      lessonPanel(context, desk, { try: text => tryTask({ store, runs, ask }, text) }),
    sheet: context =>
      sheet(context, {
        print: withAnswers => void printWorksheets(client, withAnswers),
        forgotten: () =>
          change(draft => {
            draft.arrivals++;
          }),
      }),
  };
  return desk;
}
