import { EN } from '../i18n/en.ts';
import type { Actions } from './actions.ts';
import { TABS } from './state.ts';
import type { Store } from './store.ts';

/** A key, what it does in words, and how. */
export interface KeyCommand {
  /** As people write it: `Shift+Right`, `]`, `Space`. */
  readonly keys: readonly string[];
  readonly text: string;
  readonly act: (actions: Actions) => void;
}

/** All single-key commands, in the order in which the help lists them. */
export const KEY_COMMANDS: readonly KeyCommand[] = [
  { keys: ['Space'], text: EN.keys.play, act: a => a.togglePlay() },
  { keys: ['Right', '.'], text: EN.keys.step, act: a => a.step(1) },
  { keys: ['Left', ','], text: EN.keys.back, act: a => a.step(-1) },
  { keys: ['Shift+Right'], text: EN.keys.hop, act: a => a.hop(1) },
  { keys: ['Shift+Left'], text: EN.keys.hopBack, act: a => a.hop(-1) },
  { keys: ['Alt+Right', 'n'], text: EN.keys.verdict, act: a => a.verdict(1) },
  { keys: ['Alt+Left', 'p'], text: EN.keys.verdictBack, act: a => a.verdict(-1) },
  { keys: [']'], text: EN.keys.violation, act: a => a.violation(1) },
  { keys: ['['], text: EN.keys.violationBack, act: a => a.violation(-1) },
  { keys: ['Home'], text: EN.keys.first, act: a => a.first() },
  { keys: ['End'], text: EN.keys.last, act: a => a.last() },
  { keys: ['h'], text: EN.keys.lastWrite, act: a => a.lastWrite() },
  { keys: ['g'], text: EN.keys.goTo, act: () => focusOn('.goto') },
  { keys: ['w'], text: EN.keys.why, act: a => a.setTab(TABS[0]) },
  { keys: ['b'], text: EN.keys.bits, act: a => a.setTab(TABS[1]) },
  { keys: ['t'], text: EN.keys.tables, act: a => a.setTab(TABS[2]) },
  { keys: ['v'], text: EN.keys.view, act: a => a.nextView() },
  { keys: ['e'], text: EN.keys.edit, act: a => a.toggleEditor() },
  { keys: ['s'], text: EN.keys.share, act: a => a.setDialog('share') },
  { keys: ['m'], text: EN.keys.bookmark, act: a => a.bookmark() },
  { keys: ["'"], text: EN.keys.nextBookmark, act: a => a.nextBookmark() },
  { keys: ['-'], text: EN.keys.slower, act: a => a.faster(-1) },
  { keys: ['+'], text: EN.keys.faster, act: a => a.faster(1) },
  { keys: ['c'], text: EN.keys.compare, act: a => a.toggleCompare() },
  { keys: ['l'], text: EN.keys.lessons, act: a => a.openLessons() },
  { keys: ['r'], text: EN.keys.reveal, act: a => a.revealAnswer() },
  { keys: ['?'], text: EN.keys.help, act: a => a.setDialog('help') },
  {
    keys: ['Esc'],
    text: EN.keys.close,
    act: a => a.closeTop(),
  },
];

const focusOn = (selector: string): void => document.querySelector<HTMLElement>(selector)?.focus();

const NAMES: Readonly<Record<string, string>> = {
  ' ': 'Space',
  ArrowRight: 'Right',
  ArrowLeft: 'Left',
  Escape: 'Esc',
  '=': '+',
};

/** The key of an event as the list writes it. */
function keyName(event: KeyboardEvent): string {
  const name = NAMES[event.key] ?? event.key;
  const shift = event.shiftKey && name.length > 1 ? 'Shift+' : '';
  return `${event.altKey ? 'Alt+' : ''}${shift}${name}`;
}

/** Controls that take the keys for themselves. */
const TAKES_TEXT = 'input, select, textarea, [contenteditable]';
const TAKES_PRESS = 'button, summary, a, [role="button"], [role="tab"]';

/** Listens for keys. In the picture, up and down walk over its parts and Enter opens one. */
export function listenForKeys(
  store: Store,
  at: { readonly actions: Actions; readonly rove: (step: number) => void },
): void {
  document.addEventListener('keydown', event => {
    // Inside the editor the event names the editor as a whole; what has the focus is further in.
    const [target] = event.composedPath();
    if (!(target instanceof Element) || event.ctrlKey || event.metaKey) return;
    // Whoever had the key first has used it.
    if (event.defaultPrevented) return;
    const inPicture = target.closest('.picture') !== null;
    if (inPicture && walk(event, target, at.rove)) return event.preventDefault();
    if (!isCommandPlace(event, { target, inPicture, use: store.state().keys })) return;
    const command = KEY_COMMANDS.find(({ keys }) => keys.includes(keyName(event)));
    if (!command) return;
    event.preventDefault();
    command.act(at.actions);
  });
}

/** Moves over the parts of the picture, or opens one; false for other keys. */
function walk(event: KeyboardEvent, target: Element, rove: (step: number) => void): boolean {
  const isPart = target.matches('[role="button"]');
  if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
    rove(event.key === 'ArrowDown' ? 1 : -1);
    return true;
  }
  if (event.key !== 'Enter' || !isPart) return false;
  target.dispatchEvent(new MouseEvent('click', { bubbles: true }));
  return true;
}

/** Whether keys are commands where the focus is. */
function isCommandPlace(
  event: KeyboardEvent,
  at: { readonly target: Element; readonly inPicture: boolean; readonly use: string },
): boolean {
  // What is on top of everything closes by itself.
  if (event.key === 'Escape') return document.querySelector(':popover-open') === null;
  const isBusy = at.target.matches(TAKES_TEXT) || at.target.closest('dialog') !== null;
  if (at.use === 'never' || isBusy) return false;
  if (at.inPicture) return true;
  if (at.use === 'stage') return at.target === document.body && event.key === '?';
  return !(event.key === ' ' && at.target.matches(TAKES_PRESS));
}
