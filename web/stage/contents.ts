import { rowsAt, type TableName, type TableRow } from '../../src/index.ts';
import type { LoadedRun } from '../app/runs.ts';
import type { PlacedPiece } from './layout.ts';

/** A line of what a piece of hardware holds now. */
export interface ContentLine {
  readonly text: string;
  /** Masked: the device holds it back. Waits: it was held back and wants to go. */
  readonly state: '' | 'masked' | 'waits';
  /** The current record changed it. */
  readonly changed: boolean;
}

/** What pieces hold, by what they are; computed for one moment. */
export interface Contents {
  readonly of: (piece: PlacedPiece) => readonly ContentLine[];
}

const MORE = '…';

/** What every piece holds after record `seq`; nothing while the tables have not come. */
export function contentsAt(run: LoadedRun, seq: number): Contents {
  const { tables } = run;
  if (!tables) return { of: () => [] };
  const changed = new Set(
    tables.changes.filter(change => change.seq === seq).map(({ after }) => after),
  );
  const rows = (table: TableName): TableRow[] => rowsAt(tables, table, seq);
  const line = (row: TableRow, text: string, state: ContentLine['state'] = ''): ContentLine => ({
    text,
    state,
    changed: changed.has(row),
  });
  const stores = rows('stores');
  const entries = rows('entries');
  const vectors = rows('vectors');
  const of = ({ kind, piece, view }: PlacedPiece): ContentLine[] => {
    if (kind === 'device') {
      const owner = view === 'guest' ? `${piece.spot.of} (virtual)` : piece.spot.of;
      const own = stores.filter(({ cells }) => cells[0] === owner);
      return own.map(row => line(row, storeText(row), storeState(row)));
    }
    if (kind === 'unit' && view === 'host') return entries.map(row => line(row, entryText(row)));
    if (kind === 'cpu') {
      const own = vectors.filter(({ cells }) => cells[0] === piece.spot.of);
      return own.map(row => line(row, vectorText(row)));
    }
    return [];
  };
  return { of };
}

const storeText = ({ cells: [, slot, address, data] }: TableRow): string =>
  `${slot} ${address}:${data}`;

const storeState = ({ cells }: TableRow): ContentLine['state'] => {
  const [masked, waits] = cells.slice(4);
  return waits === 'yes' ? 'waits' : masked === 'yes' ? 'masked' : '';
};

function entryText({ cells }: TableRow): string {
  const [, index, form, vector, dest] = cells;
  return form.startsWith('not present') || form === 'disabled'
    ? `${index}: ${form.split(',')[0]}`
    : `${index}: ${vector} ${form === 'posted' ? 'posted' : `→ ${dest.replace(/^APIC id /, '')}`}`;
}

function vectorText({ cells }: TableRow): string {
  const [, vector, irq, pending, inService] = cells;
  const state = inService === 'yes' ? ' in service' : pending === 'yes' ? ' pending' : '';
  return `${vector} ${irq}${state}`;
}

/** As much of a text as a width has room for; what is cut off is said to be there. */
export function fitted(text: string, width: number, letter: number): string {
  const room = Math.max(1, Math.floor(width / letter));
  return text.length <= room ? text : `${text.slice(0, room - 1).trimEnd()}${MORE}`;
}

/** As many lines as there is room for; the last one says that there are more. */
export function fitLines(lines: readonly ContentLine[], room: number): ContentLine[] {
  if (lines.length <= room) return [...lines];
  // A box of many has room for its name only.
  if (room < 1) return [];
  const first = Math.max(
    0,
    Math.min(
      lines.findIndex(({ changed }) => changed),
      lines.length - room,
    ),
  );
  const shown = lines.slice(first, first + room);
  const last = shown[room - 1];
  return [...shown.slice(0, room - 1), { ...last, text: `${last.text} ${MORE}` }];
}
