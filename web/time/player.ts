import type { Store } from '../app/store.ts';
import { type Clock, restAt, seqAt } from './clock.ts';

/** What is played: moments along a clock, the last of which may come before its end. */
export interface Reel {
  readonly clock: Clock;
  readonly last: number;
}

/** Presentation time as it runs: the one loop that moves the picture. */
export interface Player {
  /** Presentation time now, in milliseconds. */
  timeMs(): number;
  /** Goes to where moment `at` has come to rest; through its movement when it is to `move`. */
  goTo(at: number, how: 'jump' | 'move'): void;
  /** Tells that playing, the speed or the run has changed. */
  wake(): void;
}

/** Longest time between two frames that counts, in milliseconds: a tab in the background waits. */
const FRAME_MAX_MS = 100;
/** A single step is shown at this speed, whatever the speed of play. */
const STEP_SPEED = 2;

/** What a player plays, and whom it tells. */
export interface Projector {
  /** Null: there is nothing to play now. */
  readonly reel: () => Reel | null;
  /** The moment the page is at. */
  readonly now: () => number;
  /** Another moment has come, or the last one is over. */
  readonly reach: (at: number, isOver: boolean) => void;
  /** Called for every frame, and after every jump. */
  readonly draw: () => void;
}

/** A player, which goes by the speed in the store and plays while it says so. */
export function createPlayer(store: Store, how: Projector): Player {
  let timeMs = 0;
  let goalMs: number | null = null;
  let last = 0;
  let scheduled = false;

  const frame = (now: number): void => {
    scheduled = false;
    const reel = how.reel();
    const { playing, speed, still } = store.state();
    if (!reel) return;
    const passed = Math.min(FRAME_MAX_MS, now - last);
    last = now;
    if (goalMs !== null) {
      timeMs = Math.min(goalMs, timeMs + passed * STEP_SPEED);
      if (timeMs >= goalMs) goalMs = null;
    } else if (playing) {
      timeMs = Math.min(reel.clock.total, timeMs + passed * speed);
      follow(reel, still);
    }
    how.draw();
    if (goalMs !== null || store.state().playing) schedule();
  };

  const follow = ({ clock, last }: Reel, still: boolean): void => {
    const at = Math.min(seqAt(clock, timeMs), last);
    const isOver = timeMs >= restAt(clock, last);
    if (at !== how.now() || isOver) how.reach(at, isOver);
    if (still) timeMs = Math.max(timeMs, clock.start[Math.max(0, at)]);
  };

  const schedule = (): void => {
    if (scheduled) return;
    scheduled = true;
    requestAnimationFrame(frame);
  };

  return {
    timeMs: () => timeMs,
    goTo(at, moving) {
      const reel = how.reel();
      if (!reel) return;
      const rest = restAt(reel.clock, at);
      const before = at < 0 ? 0 : reel.clock.start[at];
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
