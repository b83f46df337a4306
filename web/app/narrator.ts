import { describe } from '../../src/index.ts';
import { EN } from '../i18n/en.ts';
import type { LoadedRun } from './runs.ts';
import type { State } from './state.ts';

/** While playing, sentences come no closer than this, in milliseconds. */
const PAUSE_MS = 2000;

/**
 * Says in one sentence what a step shows, for screen readers. While the run plays it says verdicts
 * and the end only, for nobody could follow more.
 */
export function createNarrator(document: Document): (state: State, run: LoadedRun | null) => void {
  const status = document.querySelector('#status');
  let said = -2;
  let lastMs = Number.NEGATIVE_INFINITY;
  let played = false;
  let timer = 0;

  const say = (text: string): void => {
    lastMs = performance.now();
    if (status) status.textContent = text;
  };
  /** Says it when there was silence for long enough; the latest takes the place of others. */
  const sayLater = (text: string): void => {
    clearTimeout(timer);
    const waitMs = lastMs + PAUSE_MS - performance.now();
    if (waitMs <= 0) say(text);
    else timer = window.setTimeout(() => say(text), waitMs);
  };

  return (state, run) => {
    const { seq } = state.place;
    const playing = state.playing || played;
    played = state.playing;
    if (!run || said === seq) return;
    said = seq;
    const text = sentence(run, seq);
    if (!playing) {
      clearTimeout(timer);
      say(text);
    } else if (run.verdicts.includes(seq) || seq === run.data.trace.length - 1) sayLater(text);
  };
}

function sentence(run: LoadedRun, seq: number): string {
  const { trace, machine, film } = run.data;
  const record = trace[seq];
  if (!record) return EN.time.beginning;
  const journey = film.journeys[film.journeyOf[seq]];
  const fate = journey?.fateSeq === seq ? ` ${EN.fates[journey.fate]}.` : '';
  const place = EN.time.position(seq + 1, trace.length);
  return `${place}. ${describe(machine, record.actor, record)}.${fate}`;
}
