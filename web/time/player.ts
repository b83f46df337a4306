import type { LoadedRun } from '../app/runs.ts';
import type { Store } from '../app/store.ts';
import { within } from '../embed/settings.ts';
import { restAt, seqAt } from './clock.ts';

/** Presentation time as it runs: the one loop that moves the picture. */
export interface Player {
  /** Presentation time now, in milliseconds. */
  timeMs(): number;
  /** Goes to where record `seq` has come to rest; through its movement when `moving`. */
  goTo(seq: number, how: 'jump' | 'move'): void;
  /** Tells that playing, the speed or the run has changed. */
  wake(): void;
}

/** Longest time between two frames that counts, in milliseconds: a tab in the background waits. */
const FRAME_MAX_MS = 100;
/** A single step is shown at this speed, whatever the speed of play. */
const STEP_SPEED = 2;

/** A player of the current run. `draw` is called for every frame, and after every jump. */
export function createPlayer(
  store: Store,
  how: { readonly run: () => LoadedRun | null; readonly draw: () => void },
): Player {
  let timeMs = 0;
  let goalMs: number | null = null;
  let last = 0;
  let scheduled = false;

  const frame = (now: number): void => {
    scheduled = false;
    const run = how.run();
    const { playing, speed, still } = store.state();
    if (!run) return;
    const passed = Math.min(FRAME_MAX_MS, now - last);
    last = now;
    if (goalMs !== null) {
      timeMs = Math.min(goalMs, timeMs + passed * STEP_SPEED);
      if (timeMs >= goalMs) goalMs = null;
    } else if (playing) {
      timeMs = Math.min(run.clock.total, timeMs + passed * speed);
      follow(run, still);
    }
    how.draw();
    if (goalMs !== null || store.state().playing) schedule();
  };

  const follow = (run: LoadedRun, still: boolean): void => {
    const { place, range } = store.state();
    const { length } = run.data.trace;
    const last = within(range, length, length - 1);
    const seq = Math.min(seqAt(run.clock, timeMs), last);
    const end = timeMs >= restAt(run.clock, last);
    if (seq !== place.seq || end)
      store.change(draft => {
        draft.place.seq = seq;
        if (end) draft.playing = false;
      });
    if (still) timeMs = Math.max(timeMs, run.clock.start[Math.max(0, seq)]);
  };

  const schedule = (): void => {
    if (scheduled) return;
    scheduled = true;
    requestAnimationFrame(frame);
  };

  return {
    timeMs: () => timeMs,
    goTo(seq, moving) {
      const run = how.run();
      if (!run) return;
      const rest = restAt(run.clock, seq);
      const before = seq < 0 ? 0 : run.clock.start[seq];
      goalMs = null;
      if (moving === 'move' && !store.state().still) {
        timeMs = before;
        goalMs = rest;
        last = performance.now();
        schedule();
      } else timeMs = rest;
      how.draw();
    },
    wake() {
      last = performance.now();
      if (store.state().playing) goalMs = null;
      schedule();
    },
  };
}
