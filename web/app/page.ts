import { render } from 'lit-html';
import { createStage, type Stage } from '../stage/stage.ts';
import { restAt } from '../time/clock.ts';
import { createPlayer } from '../time/player.ts';
import { createClient } from '../worker/client.ts';
import { createActions } from './actions.ts';
import type { WhatIf } from './context.ts';
import { listenForKeys } from './keys.ts';
import { createNarrator } from './narrator.ts';
import { readHash, writeHash } from './route.ts';
import { createRuns } from './runs.ts';
import { shell } from './shell.ts';
import { FIRST_STATE, type State } from './state.ts';
import { createStore } from './store.ts';
import { openHook } from './test-hook.ts';

/** Puts the page together: the store, the simulator, the picture, time, keys and links. */
export function startPage(root: HTMLElement): void {
  const store = createStore({ ...FIRST_STATE, place: readHash(location.hash) });
  const whatIfs = new Map<string, WhatIf>();
  let stage: Stage | null = null;

  const runs = createRuns(store, createClient(), () => {
    whatIfs.clear();
    player.goTo(store.state().place.seq, 'jump');
  });
  const player = createPlayer(store, { run: runs.current, draw: () => drawStage() });
  const actions = createActions(store, { runs, whatIfs, moved: player.goTo });
  const narrate = createNarrator(root.ownerDocument);

  const drawStage = (): void => {
    const run = runs.current();
    const svg = root.querySelector<SVGSVGElement>('#stage');
    if (!run || !svg || store.state().place.view !== 'stage') return;
    stage ??= createStage(svg, {
      chooseSpot: actions.chooseSpot,
      chooseMover: actions.chooseMover,
    });
    const { still, width, height, place } = store.state();
    const timeMs = still ? restAt(run.clock, place.seq) : player.timeMs();
    stage.show(run, { seq: place.seq, timeMs, room: { width, height }, still });
  };

  const draw = (): void => {
    const state = store.state();
    const run = runs.current();
    render(shell(state, { run, actions, whatIfs }), root);
    openDialog(root);
    if (!run) stage = null;
    drawStage();
    keepCurrentInView(root);
  };

  let scheduled = false;
  store.listen((state, before) => {
    if (state.place !== before.place) keepLink(state, before);
    if (state.theme !== before.theme) applyTheme(state);
    if (state.playing !== before.playing || state.speed !== before.speed) player.wake();
    narrate(state, runs.current());
    if (scheduled) return;
    scheduled = true;
    queueMicrotask(() => {
      scheduled = false;
      draw();
    });
  });

  listenForKeys(store, { actions, rove: step => stage?.rove(step) });
  watchSurroundings(root, store);
  addEventListener('hashchange', () => {
    const place = readHash(location.hash);
    if (location.hash === '#main' || writeHash(store.state().place) === location.hash) return;
    const other = place.scenario !== store.state().place.scenario;
    store.change(draft => {
      draft.place = place;
    });
    if (other || place.scenario) openPlace();
  });
  const openPlace = (): void => {
    const { scenario, cell } = store.state().place;
    if (scenario) runs.open({ scenario, cell, keep: true });
    else runs.close();
  };
  openHook({ store, runs, player, actions });
  draw();
  openPlace();
}

/** The address always names the place; another scenario is another page of the history. */
function keepLink({ place }: State, before: State): void {
  const hash = writeHash(place);
  const link = hash === '' ? location.pathname + location.search : hash;
  if (hash === location.hash) return;
  if (place.scenario !== before.place.scenario && before.place.scenario !== '')
    history.pushState(null, '', link);
  else history.replaceState(null, '', link);
}

function applyTheme({ theme }: State): void {
  const { style } = document.documentElement;
  style.colorScheme = theme === 'auto' ? 'light dark' : theme;
}

function openDialog(root: HTMLElement): void {
  const dialog = root.querySelector<HTMLDialogElement>('dialog');
  if (dialog && !dialog.open) dialog.showModal();
}

/** Lists follow the current record as far as they can without moving the page. */
function keepCurrentInView(root: HTMLElement): void {
  for (const current of root.querySelectorAll<HTMLElement>('.steps .current, .records .current')) {
    const box = current.closest<HTMLElement>('.script, .transcript');
    if (!box) continue;
    const top = current.offsetTop - box.offsetTop;
    if (top < box.scrollTop || top + current.offsetHeight > box.scrollTop + box.clientHeight)
      box.scrollTop = top - box.clientHeight / 3;
  }
}

/** Height of the folded list of signs under the picture, in pixels. */
const SIGNS = 48;

/** The room for the picture, and whether movement is wanted. */
function watchSurroundings(root: HTMLElement, store: ReturnType<typeof createStore>): void {
  const motion = matchMedia('(prefers-reduced-motion: reduce)');
  const setMotion = (): void =>
    store.change(draft => {
      draft.still = motion.matches;
    });
  motion.addEventListener('change', setMotion);
  setMotion();
  const measure = (): void => {
    const middle = root.querySelector<HTMLElement>('.middle');
    const width = Math.floor(middle?.clientWidth ?? root.clientWidth);
    const caption = root.querySelector<HTMLElement>('.caption');
    const fixed = middle !== null && getComputedStyle(middle).overflowY === 'auto';
    const height = fixed ? middle.clientHeight - (caption?.offsetHeight ?? 0) - SIGNS : 0;
    if (width > 0)
      store.change(draft => {
        draft.width = width;
        draft.height = Math.max(0, height);
      });
  };
  new ResizeObserver(measure).observe(root);
  store.listen(({ load }, before) => {
    if (load.kind !== before.load.kind) queueMicrotask(measure);
  });
}
