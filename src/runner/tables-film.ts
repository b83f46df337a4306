import type { State } from '../engine/state.ts';
import type { Machine } from '../model/machine.ts';
import type { Program } from '../model/program.ts';
import type { TraceRecord } from '../model/record.ts';
import { TABLE_NAMES, type TableName } from './table-columns.ts';
import { type TableRow, tableOf } from './tables.ts';
import type { RowChange, TablesFilm } from './tables-at.ts';
import { type Watching, watchRun } from './watch.ts';

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

const WRITTEN: Partial<
  Record<Extract<TraceRecord, { act: 'write' }>['unit'], readonly TableName[]>
> = {
  store: ['stores'],
  'virtual-store': ['stores'],
  function: ['stores'],
  table: ['entries'],
  descriptor: ['descriptors'],
};

const touchedBy = (record: TraceRecord): readonly TableName[] =>
  (record.act === 'write' ? WRITTEN[record.unit] : TOUCHED[record.act]) ?? TABLE_NAMES;

type Rows = Map<string, TableRow>;

const rowsOf = (machine: Machine, state: State, table: TableName): Rows =>
  new Map(tableOf(machine, state, table).map(row => [row.id, row]));

/** Runs once more and writes down how the tables change. */
export function tablesFilmOf(
  machine: Machine,
  program: Program,
  how: Omit<Watching, 'visit'>,
): TablesFilm {
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
  watchRun(machine, program, { ...how, visit });
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
