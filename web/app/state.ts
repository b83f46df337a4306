import type { Cell, Problem, TableName } from '../../src/index.ts';
import { MAIN } from '../branches/change.ts';
import type { Compared, Face } from '../compare/state.ts';
import type { EmbedSettings, Range } from '../embed/settings.ts';
import { type LessonState, NO_LESSON } from '../lessons/state.ts';
import type { Change } from '../worker/protocol.ts';

export { MAIN };

/** What the middle of the page shows. `mail`: the plain drawings of 2020. */
export type View = 'stage' | 'mail' | 'text';
export const VIEWS: readonly View[] = ['stage', 'mail', 'text'];

/** What the inspector shows. */
export type Tab = 'why' | 'bits' | 'tables';
export const TABS: readonly Tab[] = ['why', 'bits', 'tables'];

export type Theme = 'auto' | 'light' | 'dark';
export const THEMES: readonly Theme[] = ['auto', 'light', 'dark'];

/** When single keys are commands: `stage`: while the picture has the focus. */
export type KeyUse = 'stage' | 'always' | 'never';
export const KEY_USES: readonly KeyUse[] = ['stage', 'always', 'never'];

/** One line of events: the script as written, or what would have happened otherwise. */
export interface Branch extends Change {
  /** Name in links, such as `off:vtd/source-id`; `main` for the script as written. */
  readonly id: string;
}

/** What fills the page in place of a run; `run`: nothing does. */
export type Sheet = 'run' | 'lessons' | 'glossary' | 'compare' | 'matrix';
export const SHEETS: readonly Sheet[] = ['run', 'lessons', 'glossary', 'compare', 'matrix'];

/** Where the page is: everything a link holds. */
export interface Place {
  readonly sheet: Sheet;
  /** Name of a shipped scenario, or of a file without its ending; empty for none. */
  readonly scenario: string;
  /** The text as edited, packed; empty where it is as the name says. */
  readonly packed: string;
  /** What whoever made the link calls it. */
  readonly title: string;
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
  /** The part of the scenario’s lesson that is done, from 1; 0 where it is only looked at. */
  readonly part: number;
  /** What is laid beside the run; null: it is looked at alone. */
  readonly compared: Compared | null;
  /** The run as whoever made the link saw it, in a few letters; empty while it is not known. */
  readonly digest: string;
}

/** Where a run opens: at the place a link names, or where it first went wrong, or just before. */
export type OpensAt = 'place' | 'violation' | 'before-violation';

/** Why a link leads nowhere. */
export type LinkTrouble = 'damaged' | 'oversized' | 'newer';

/** What the current scenario is like, as far as the page knows. */
export type Load =
  | { readonly kind: 'none' }
  | { readonly kind: 'loading' }
  | { readonly kind: 'ready' }
  | { readonly kind: 'problems'; readonly problems: readonly Problem[] }
  | { readonly kind: 'crash'; readonly message: string }
  | { readonly kind: 'link'; readonly why: LinkTrouble };

export type Dialog = 'none' | 'help' | 'share';

/** The whole state of the page. Runs are kept beside it, by branch. */
export interface State {
  readonly place: Place;
  readonly load: Load;
  readonly branches: readonly Branch[];
  readonly playing: boolean;
  readonly opensAt: OpensAt;
  readonly speed: number;
  readonly dialog: Dialog;
  /** The page stands inside another one; null where it does not. */
  readonly embed: EmbedSettings | null;
  /** The part of the run that is shown; null for all of it. */
  readonly range: Range | null;
  /** Records after this one are kept back, for a question comes first; null: nothing is. */
  readonly veil: number | null;
  readonly lesson: LessonState;
  /** The one of two runs that is shown where there is no room for both. */
  readonly face: Face;
  /** Answers are shown to a class when the teacher says so, and nobody’s are kept. */
  readonly presenting: boolean;
  /** The text of the scenario is open for change. */
  readonly editor: boolean;
  /** The run is another than when the link was made: from which step on, as far as it is known. */
  readonly drift: { readonly step: number | null } | null;
  readonly theme: Theme;
  readonly keys: KeyUse;
  /** Records with a bookmark, ascending. */
  readonly bookmarks: readonly number[];
  /** Words the menu shows scenarios for. */
  readonly search: string;
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
    sheet: 'run',
    scenario: '',
    packed: '',
    title: '',
    cell: null,
    seq: -1,
    view: 'stage',
    tab: 'why',
    table: 'stores',
    pin: null,
    branch: MAIN,
    part: 0,
    compared: null,
    digest: '',
  },
  load: { kind: 'none' },
  branches: [{ id: MAIN, off: [], flips: [] }],
  playing: false,
  opensAt: 'place',
  speed: 1,
  dialog: 'none',
  embed: null,
  range: null,
  veil: null,
  lesson: NO_LESSON,
  face: 'a',
  presenting: false,
  editor: false,
  drift: null,
  theme: 'auto',
  keys: 'stage',
  bookmarks: [],
  search: '',
  arrivals: 0,
  width: 600,
  height: 400,
  still: false,
  cellPath: null,
};
