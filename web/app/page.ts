import { castDraft } from 'immer';
import { render } from 'lit-html';
import type { Opened } from '../../src/index.ts';
import type { Pair } from '../compare/pair.ts';
import { steered } from '../compare/steering.ts';
import { createEditorHost } from '../editor/host.ts';
import { embedIn, rangeIn, within } from '../embed/settings.ts';
import { listenToParent } from '../embed/talk.ts';
import type { Desk } from '../lessons/desk.ts';
import { NO_LESSON } from '../lessons/state.ts';
import { createStage, type Stage } from '../stage/stage.ts';
import { restAt } from '../time/clock.ts';
import { createPlayer, type Player, type Reel } from '../time/player.ts';
import { createClient } from '../worker/client.ts';
import { type Actions, createActions } from './actions.ts';
import type { WhatIf } from './context.ts';
import { createDialogKeeper } from './dialogs.ts';
import { acceptDrops } from './drop.ts';
import { createFollower } from './follow.ts';
import { listenForKeys } from './keys.ts';
import { createNarrator } from './narrator.ts';
import { followFile, idOfFile, openedIn } from './opened.ts';
import { createParts } from './parts.ts';
import { type Link, readHash, writeHash } from './route.ts';
import { createRuns, type LoadedRun, type Runs } from './runs.ts';
import { keepSettings, readSettings } from './settings.ts';
import { shell } from './shell.ts';
import { createSources, type Sources } from './sources.ts';
import { FIRST_STATE, type State } from './state.ts';
import { createStore, type Store } from './store.ts';
import { watchSurroundings } from './surroundings.ts';
import { openHook } from './test-hook.ts';

/** Puts the page together: the store, the simulator, the picture, time, keys and links. */
export function startPage(root: HTMLElement): void {
  const opened = openedIn(document);
  const embed = embedIn(location.search);
  const range = embed ? rangeIn(location.search) : null;
  const store = createStore({
    ...FIRST_STATE,
    ...readSettings(FIRST_STATE),
    ...{ embed, range },
  });
  const whatIfs = new Map<string, WhatIf>();
  let stage: Stage | null = null;
  /** What the stage draws on; another one comes where the picture was away for a while. */
  let canvas: SVGSVGElement | null = null;

  let desk: Desk | null = null;
  let pair: Pair | null = null;

  const sources = createSources(opened);
  const client = createClient();
  const runs = createRuns(store, { client, sources }, () => {
    whatIfs.clear();
    goToTrouble(store, runs.current());
    player.goTo(store.state().place.seq, 'jump');
  });
  const player = startPlayer(store, runs, () => drawStage());
  const alone = createActions(store, {
    runs,
    whatIfs,
    moved: player.goTo,
    goToLine: (line, column) => editor.goTo(line, column),
    desk: () => desk,
  });
  const actions = steered(alone, () => (store.state().place.compared ? pair : null));
  const narrate = createNarrator(root.ownerDocument);
  const follow = createFollower(root);
  const keepDialog = createDialogKeeper(root);
  const late = createParts(() =>
    store.change(draft => {
      draft.arrivals++;
    }),
  );

  const editor = createEditorHost(root, { runs, late: late.editor, changed: actions.editText });

  const drawStage = (): void => {
    const run = runs.current();
    const svg = root.querySelector<SVGSVGElement>('#stage');
    if (!run || !svg || store.state().place.view !== 'stage') return;
    if (svg !== canvas) stage = null;
    canvas = svg;
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
    if (isLearning(state))
      desk ??=
        late.lessons
          .get()
          ?.createDesk({ store, runs, client, moved: player.goTo, turn: actions.turnPart }) ?? null;
    if (isComparing(state))
      pair ??= late.compare.get()?.createPair({ store, runs, client, sources, actions }) ?? null;
    render(shell(state, { run, actions, whatIfs, text: runs, late, desk, pair }), root);
    document.title = titleOf(state, run?.data.title ?? '');
    keepDialog();
    if (!run) stage = null;
    editor.follow(state);
    drawStage();
    follow(state);
    desk?.follow(state);
    pair?.follow(state);
  };

  let scheduled = false;
  const heed = (state: State, before: State): void => {
    if (state.place !== before.place) keepLink(state, before);
    if (state.theme !== before.theme || state.keys !== before.keys) applySettings(state);
    if (state.playing !== before.playing || state.speed !== before.speed) player.wake();
    if (before.place.compared && !state.place.compared)
      queueMicrotask(() => player.goTo(store.state().place.seq, 'jump'));
    if (!state.place.compared) narrate(state, runs.current());
    if (scheduled) return;
    scheduled = true;
    queueMicrotask(() => {
      scheduled = false;
      draw();
    });
  };
  store.listen(heed);

  const rove = (step: number): void => (store.state().place.compared ? pair : stage)?.rove(step);
  listenAround({ store, runs, actions, root, rove });
  if (embed) listenToParent({ store, runs, actions, root }, embed);
  if (opened?.live) followFile(now => takeFile({ store, runs, sources }, now));
  openHook({ store, runs, player, actions });
  applySettings(store.state());
  draw();
  openLink({ store, runs }, firstLink(opened));
}

function startPlayer(store: Store, runs: Runs, draw: () => void): Player {
  return createPlayer(store, {
    reel: () => reelOf(store.state(), runs.current()),
    now: () => store.state().place.seq,
    reach: (seq, isOver) =>
      store.change(draft => {
        draft.place.seq = seq;
        if (isOver) draft.playing = false;
      }),
    draw,
  });
}

/** Hears of keys, of files that are dropped, of another address, and of how much room there is. */
function listenAround(page: {
  readonly store: Store;
  readonly runs: Runs;
  readonly actions: Actions;
  readonly root: HTMLElement;
  readonly rove: (step: number) => void;
}): void {
  const { store, runs, actions, root, rove } = page;
  listenForKeys(store, { actions, rove });
  watchSurroundings(root, store);
  acceptDrops(root, actions.openFile);
  addEventListener('hashchange', () => {
    if (location.hash !== '#main' && writeHash(store.state().place) !== location.hash)
      openLink({ store, runs }, readHash(location.hash));
  });
}

/** What plays: nothing where two runs are compared, for they have a clock of their own. */
function reelOf({ range, place }: State, run: LoadedRun | null): Reel | null {
  const length = run?.data.trace.length ?? 0;
  return run && !place.compared
    ? { clock: run.clock, last: within(range, length, length - 1) }
    : null;
}

/** Where the address leads; without one, the file the command line shows. */
function firstLink(opened: Opened | null): Link {
  const link = readHash(location.hash);
  const place = { ...link.place, cell: opened?.cell ?? null };
  const opensAt = opened?.at === 'violation' && !location.hash ? 'violation' : 'place';
  return opened && !link.place.scenario && !link.trouble
    ? { ...link, opensAt, place: { ...place, scenario: idOfFile(opened.file) } }
    : link;
}

/** Goes where a link leads, or says why it leads nowhere. */
function openLink(
  { store, runs }: { readonly store: Store; readonly runs: Runs },
  { place, trouble, opensAt }: Link,
): void {
  if (trouble) {
    runs.close();
    store.change(draft => {
      draft.load = { kind: 'link', why: trouble };
      draft.place = place;
    });
    return;
  }
  // The address has the record it leads to as soon as that is known.
  if (opensAt === 'before-violation') history.replaceState(null, '', writeHash(place));
  store.change(draft => {
    draft.place = place;
    draft.opensAt = opensAt;
    draft.veil = place.part > 0 ? -1 : null;
    draft.lesson = castDraft(NO_LESSON);
    draft.range = draft.embed ? draft.range : null;
  });
  if (place.scenario) runs.open({ scenario: place.scenario, cell: place.cell, keep: true });
  else runs.close();
}

/** A run that went wrong opens where it did, or at the step that does it. */
function goToTrouble(store: Store, run: LoadedRun | null): void {
  const { opensAt } = store.state();
  if (!run || opensAt === 'place') return;
  const { film, trace } = run.data;
  const [first = trace.length - 1] = film.violations;
  const start = run.stepStart[film.stepOf[first]] ?? first;
  store.change(draft => {
    draft.opensAt = 'place';
    draft.place.seq = opensAt === 'violation' ? first : start;
  });
}

/** The file the command line shows was changed. */
function takeFile(
  of: { readonly store: Store; readonly runs: Runs; readonly sources: Sources },
  now: Opened,
): void {
  of.sources.replace(now);
  if (of.store.state().place.scenario === idOfFile(now.file)) of.runs.edit(now.text, 'file');
}

/** The address always names the place; another scenario is another page of the history. */
function keepLink({ place, load }: State, before: State): void {
  // What can’t be followed stays in the address, for whoever wants to mend it.
  if (load.kind === 'link') return;
  const hash = writeHash(place);
  const link = hash === '' ? location.pathname + location.search : hash;
  if (hash === location.hash) return;
  const turned =
    place.sheet !== before.place.sheet ||
    (place.part !== before.place.part && place.part > 0 && before.place.part > 0);
  if (turned || (place.scenario !== before.place.scenario && before.place.scenario !== ''))
    history.pushState(null, '', link);
  else history.replaceState(null, '', link);
}

function applySettings(state: State): void {
  const { style } = document.documentElement;
  style.colorScheme = state.theme === 'auto' ? 'light dark' : state.theme;
  keepSettings(state);
}

/** Whether lessons are wanted. */
const isLearning = ({ place }: State): boolean =>
  place.sheet === 'lessons' || place.sheet === 'glossary' || place.part > 0;

/** Whether two runs are compared, or are about to be. */
const isComparing = ({ place }: State): boolean =>
  place.sheet === 'compare' || place.compared !== null;

const NAME = 'irqscope';

const titleOf = ({ place }: State, title: string): string => {
  const shown = place.title || (place.scenario ? title : '');
  return shown ? `${shown} – ${NAME}` : NAME;
};
