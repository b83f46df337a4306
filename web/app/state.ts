import type { Cell, Problem, TableName } from '../../src/index.ts';

/** What the middle of the page shows. `mail`: the plain drawings of 2020. */
export type View = 'stage' | 'mail' | 'text';
export const VIEWS: readonly View[] = ['stage', 'mail', 'text'];

/** What the inspector shows. */
export type Tab = 'why' | 'bits' | 'tables';
export const TABS: readonly Tab[] = ['why', 'bits', 'tables'];

export type Theme = 'auto' | 'light' | 'dark';

/** When single keys are commands: `stage`: while the picture has the focus. */
export type KeyUse = 'stage' | 'always' | 'never';

/** One line of events: the script as written, or what would have happened otherwise. */
export interface Branch {
  /** Name in links, such as `off:vtd/source-id`; `main` for the script as written. */
  readonly id: string;
  readonly parent: string;
  /** The record it was opened at. */
  readonly seq: number;
  readonly off: readonly string[];
}

export const MAIN = 'main';

/** Where the page is: everything a link holds. */
export interface Place {
  readonly scenario: string;
  /** Null: the first variant. */
  readonly cell: Cell | null;
  /** The current record; -1 before the first. */
  readonly seq: number;
  readonly view: View;
  readonly tab: Tab;
  readonly table: TableName;
  /** The record the inspector stays with; null: it follows the current one. */
  readonly pin: number | null;
  readonly branch: string;
}

/** What the current scenario is like, as far as the page knows. */
export type Load =
  | { readonly kind: 'none' }
  | { readonly kind: 'loading' }
  | { readonly kind: 'ready' }
  | { readonly kind: 'problems'; readonly problems: readonly Problem[] }
  | { readonly kind: 'crash'; readonly message: string };

export type Dialog = 'none' | 'help';

/** The whole state of the page. Runs are kept beside it, by branch. */
export interface State {
  readonly place: Place;
  readonly load: Load;
  readonly branches: readonly Branch[];
  readonly playing: boolean;
  readonly speed: number;
  readonly dialog: Dialog;
  readonly theme: Theme;
  readonly keys: KeyUse;
  /** Records with a bookmark, ascending. */
  readonly bookmarks: readonly number[];
  /** Counts up when a run, its tables or its verdict have come. */
  readonly arrivals: number;
  /** Narrow windows show the picture from top to bottom. */
  readonly width: number;
  /** Height there is for the picture. */
  readonly height: number;
  /** The user asks for less motion. */
  readonly still: boolean;
  /** A field whose history the tables tab shows: table, row and column. */
  readonly cellPath: CellPath | null;
}

export interface CellPath {
  readonly table: TableName;
  readonly row: string;
  readonly column: number;
}

export const SPEEDS: readonly number[] = [0.25, 0.5, 1, 2, 4, 8];

export const FIRST_STATE: State = {
  place: {
    scenario: '',
    cell: null,
    seq: -1,
    view: 'stage',
    tab: 'why',
    table: 'stores',
    pin: null,
    branch: MAIN,
  },
  load: { kind: 'none' },
  branches: [{ id: MAIN, parent: '', seq: -1, off: [] }],
  playing: false,
  speed: 1,
  dialog: 'none',
  theme: 'auto',
  keys: 'stage',
  bookmarks: [],
  arrivals: 0,
  width: 600,
  height: 400,
  still: false,
  cellPath: null,
};
