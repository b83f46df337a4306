import type { Chance } from '../engine/run.ts';
import type { State } from '../engine/state.ts';
import type { Machine } from '../model/machine.ts';
import type { Program } from '../model/program.ts';
import type { TraceRecord } from '../model/record.ts';
import { TABLE_NAMES, TABLES, type TableName, type TableRow } from './tables.ts';
import { watchRun } from './watch.ts';

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

/** Tables a record may have changed; a record that is not listed may have changed any. */
const TOUCHED: Partial<Record<TraceRecord['act'], readonly TableName[]>> = {
  step: [],
  result: [],
  choice: [],
  alloc: ['vectors'],
  compose: [],
  put: [],
  forge: [],
  trap: ['stores'],
  hypercall: [],
  bind: ['bindings'],
  unbind: ['bindings'],
  raise: ['stores'],
  emit: [],
  retag: [],
  stray: [],
  translate: ['entries'],
  fault: ['faults'],
  deliver: ['cpus', 'vectors'],
  service: ['cpus', 'vectors', 'descriptors'],
  post: ['descriptors'],
  eoi: ['cpus', 'vectors'],
};

const WRITTEN: Record<Extract<TraceRecord, { act: 'write' }>['unit'], readonly TableName[]> = {
  store: ['stores'],
  'virtual-store': ['stores'],
  function: ['stores'],
  table: ['entries'],
  register: TABLE_NAMES,
  descriptor: ['descriptors'],
};

const touchedBy = (record: TraceRecord): readonly TableName[] =>
  record.act === 'write' ? WRITTEN[record.unit] : (TOUCHED[record.act] ?? TABLE_NAMES);

type Rows = Map<string, TableRow>;

const rowsOf = (machine: Machine, state: State, table: TableName): Rows =>
  new Map(TABLES[table].rows(machine, state).map(row => [row.id, row]));

/** Runs once more and writes down how the tables change. */
export function tablesFilmOf(machine: Machine, program: Program, chance: Chance): TablesFilm {
  const known = new Map<TableName, Rows>();
  const changes: RowChange[] = [];
  let initial: TablesFilm['initial'] | null = null;
  const visit = (state: State, records: readonly TraceRecord[]): void => {
    const touched = initial ? new Set(records.flatMap(touchedBy)) : TABLE_NAMES;
    for (const table of touched) {
      const rows = rowsOf(machine, state, table);
      if (initial) changes.push(...changesOf(table, known.get(table) ?? new Map(), rows, records));
      known.set(table, rows);
    }
    initial ??= snapshot(known);
  };
  watchRun(machine, program, { chance, visit });
  return { initial: initial ?? snapshot(known), changes: changes.sort((a, b) => a.seq - b.seq) };
}

const snapshot = (known: ReadonlyMap<TableName, Rows>): TablesFilm['initial'] => {
  const rows = (table: TableName): TableRow[] => [...(known.get(table)?.values() ?? [])];
  return {
    vectors: rows('vectors'),
    cpus: rows('cpus'),
    entries: rows('entries'),
    stores: rows('stores'),
    bindings: rows('bindings'),
    descriptors: rows('descriptors'),
    faults: rows('faults'),
  };
};

function changesOf(
  table: TableName,
  before: Rows,
  after: Rows,
  records: readonly TraceRecord[],
): RowChange[] {
  const changes: RowChange[] = [];
  const add = (was: TableRow | null, is: TableRow | null): void => {
    const place = (is ?? was)?.place ?? '';
    const record = records.findLast(one => one.where.startsWith(place)) ?? records.at(-1);
    if (record) changes.push({ seq: record.seq, table, before: was, after: is });
  };
  for (const [id, row] of before) if (!after.has(id)) add(row, null);
  for (const [id, row] of after) {
    const was = before.get(id) ?? null;
    if (!was || was.cells.some((cell, i) => cell !== row.cells[i])) add(was, row);
  }
  return changes;
}

/** The rows of a table as the record with number `seq` left them; -1 for the start. */
export function rowsAt(film: TablesFilm, table: TableName, seq: number): TableRow[] {
  const rows: Rows = new Map(film.initial[table].map(row => [row.id, row]));
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
