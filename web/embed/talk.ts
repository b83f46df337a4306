import type { Actions } from '../app/actions.ts';
import type { Runs } from '../app/runs.ts';
import type { Store } from '../app/store.ts';
import type { EmbedSettings } from './settings.ts';

/** What a page that shows this one may ask. It can move through the run, and nothing else. */
export type Command =
  | { readonly irqscope: 1; readonly cmd: 'hello' | 'state' | 'play' | 'pause' }
  | { readonly irqscope: 1; readonly cmd: 'goto'; readonly seq: number }
  | { readonly irqscope: 1; readonly cmd: 'step' | 'verdict'; readonly by: 1 | -1 };

/** What it hears: that a run is there, where it stands, and how high the page is. */
export type Told =
  | ({ readonly irqscope: 1; readonly event: 'ready' | 'state' } & Where)
  | { readonly irqscope: 1; readonly event: 'size'; readonly height: number }
  | { readonly irqscope: 1; readonly event: 'error'; readonly cmd: string };

interface Where {
  readonly title: string;
  /** The record that is shown, from 0; -1 before the first. */
  readonly seq: number;
  readonly length: number;
  readonly playing: boolean;
}

const VERSION = 1;

/** A message in this language, whatever else it is; undefined for all others. */
function commandOf(data: unknown): (Record<string, unknown> & { cmd: string }) | undefined {
  if (typeof data !== 'object' || data === null) return undefined;
  const record = data as Record<string, unknown>;
  return record.irqscope === VERSION && typeof record.cmd === 'string'
    ? { ...record, cmd: record.cmd }
    : undefined;
}

const isDirection = (by: unknown): by is 1 | -1 => by === 1 || by === -1;

/** What the page around this one can move and hear of. */
interface Talking {
  readonly store: Store;
  readonly runs: Runs;
  readonly actions: Actions;
  readonly root: HTMLElement;
}

/** Answers the page that shows this one, and steps by itself where that is wanted. */
export function listenToParent(of: Talking, { stepMs }: EmbedSettings): void {
  talkToParent(of);
  if (stepMs > 0) stepByItself(of.store, of.actions, stepMs);
}

function talkToParent(of: Talking): void {
  const { store, runs, actions, root } = of;
  // Nothing here is secret: whoever embeds the page has made its address.
  const tell = (told: Told): void => window.parent.postMessage(told, '*');
  const where = (event: 'ready' | 'state'): Told => {
    const run = runs.current();
    const { place, playing } = store.state();
    const title = place.title || (run?.data.title ?? '');
    const length = run?.data.trace.length ?? 0;
    return { irqscope: VERSION, event, title, seq: place.seq, length, playing };
  };
  /** Carries a command out; false where it is none. */
  const obey = ({ cmd, seq, by }: Record<string, unknown> & { cmd: string }): boolean => {
    const { playing } = store.state();
    if (cmd === 'goto' && Number.isInteger(seq)) actions.goTo(Number(seq));
    else if (cmd === 'step' && isDirection(by)) actions.step(by);
    else if (cmd === 'verdict' && isDirection(by)) actions.verdict(by);
    else if (cmd === 'play' || cmd === 'pause') {
      if (playing !== (cmd === 'play')) actions.togglePlay();
    } else return cmd === 'hello' || cmd === 'state';
    return true;
  };
  addEventListener('message', ({ data, source }) => {
    const command = source === window.parent ? commandOf(data) : undefined;
    if (!command) return;
    if (obey(command)) tell(where(command.cmd === 'hello' ? 'ready' : 'state'));
    else tell({ irqscope: VERSION, event: 'error', cmd: command.cmd });
  });
  store.listen((state, before) => {
    if (state.load.kind === 'ready' && before.load.kind !== 'ready') tell(where('ready'));
    else if (state.place.seq !== before.place.seq || state.playing !== before.playing)
      tell(where('state'));
  });
  let height = 0;
  const tellSize = (): void => {
    const now = wholeHeight(root);
    if (now === height) return;
    height = now;
    tell({ irqscope: VERSION, event: 'size', height });
  };
  new ResizeObserver(tellSize).observe(root);
  store.listen((state, before) => {
    if (state.arrivals !== before.arrivals || state.height !== before.height)
      requestAnimationFrame(tellSize);
  });
}

/** How high the page would be if nothing of the picture had to be scrolled into view. */
function wholeHeight(root: HTMLElement): number {
  const middle = root.querySelector<HTMLElement>('.middle');
  const hidden = middle ? middle.scrollHeight - middle.clientHeight : 0;
  return Math.ceil(root.offsetHeight + hidden);
}

/** Steps by itself until it has come to the end, or somebody touches it. */
function stepByItself(store: Store, actions: Actions, everyMs: number): void {
  const timer = setInterval(() => {
    const before = store.state().place.seq;
    if (store.state().load.kind !== 'ready') return;
    actions.step(1);
    if (store.state().place.seq === before) stop();
  }, everyMs);
  const stop = (): void => clearInterval(timer);
  for (const touch of ['pointerdown', 'keydown'] as const) addEventListener(touch, stop);
}
