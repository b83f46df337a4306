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
  { keys: ['Space'], text: 'play or pause', act: a => a.togglePlay() },
  { keys: ['Right', '.'], text: 'step', act: a => a.step(1) },
  { keys: ['Left', ','], text: 'step back', act: a => a.step(-1) },
  { keys: ['Shift+Right'], text: 'over one hop of a message', act: a => a.hop(1) },
  { keys: ['Shift+Left'], text: 'back over one hop', act: a => a.hop(-1) },
  { keys: ['Alt+Right', 'n'], text: 'next verdict', act: a => a.verdict(1) },
  { keys: ['Alt+Left', 'p'], text: 'previous verdict', act: a => a.verdict(-1) },
  { keys: [']'], text: 'next violation', act: a => a.violation(1) },
  { keys: ['['], text: 'previous violation', act: a => a.violation(-1) },
  { keys: ['Home'], text: 'to the beginning', act: a => a.first() },
  { keys: ['End'], text: 'to the end', act: a => a.last() },
  { keys: ['h'], text: 'back to the last write of this place', act: a => a.lastWrite() },
  { keys: ['g'], text: 'go to a record by number', act: () => focusOn('.goto') },
  { keys: ['w'], text: 'why', act: a => a.setTab(TABS[0]) },
  { keys: ['b'], text: 'bits', act: a => a.setTab(TABS[1]) },
  { keys: ['t'], text: 'tables', act: a => a.setTab(TABS[2]) },
  { keys: ['v'], text: 'picture, drawing of 2020, text', act: a => a.nextView() },
  { keys: ['m'], text: 'set or remove a bookmark', act: a => a.bookmark() },
  { keys: ["'"], text: 'next bookmark', act: a => a.nextBookmark() },
  { keys: ['-'], text: 'slower', act: a => a.faster(-1) },
  { keys: ['+'], text: 'faster', act: a => a.faster(1) },
  { keys: ['l'], text: 'all lessons', act: a => a.openLessons() },
  { keys: ['r'], text: 'in a lesson: show the answer', act: a => a.revealAnswer() },
  { keys: ['?'], text: 'this list', act: a => a.setDialog('help') },
  {
    keys: ['Esc'],
    text: 'close what is on top; follow the current record again',
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
  if (event.key === 'Escape') return true;
  if (at.use === 'never' || at.target.matches(TAKES_TEXT)) return false;
  if (at.inPicture) return true;
  if (at.use === 'stage') return at.target === document.body && event.key === '?';
  return !(event.key === ' ' && at.target.matches(TAKES_PRESS));
}
