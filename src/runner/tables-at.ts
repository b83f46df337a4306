import type { TableName } from './table-columns.ts';
import type { TableRow } from './tables.ts';

/** A row that came, changed or went. */
export interface RowChange {
  /** The record of the event that shows it. */
  readonly seq: number;
  readonly table: TableName;
  readonly before: TableRow | null;
  readonly after: TableRow | null;
}

/** All tables over the whole run: how they were at the start, and every change since, in order. */
export interface TablesFilm {
  readonly initial: Readonly<Record<TableName, readonly TableRow[]>>;
  readonly changes: readonly RowChange[];
}

/** The rows of a table as the record with number `seq` left them; -1 for the start. */
export function rowsAt(film: TablesFilm, table: TableName, seq: number): TableRow[] {
  const rows = new Map<string, TableRow>(film.initial[table].map(row => [row.id, row]));
  for (const change of film.changes) {
    if (change.seq > seq) break;
    if (change.table !== table) continue;
    if (change.after) rows.set(change.after.id, change.after);
    else if (change.before) rows.delete(change.before.id);
  }
  return [...rows.values()].sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1));
}

/** Numbers in names count as numbers. */
const sortKey = ({ id }: TableRow): string =>
  id.replaceAll(/\d+/g, digits => digits.padStart(6, '0'));
