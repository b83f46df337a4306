import type { State } from '../engine/state.ts';
import type { Machine } from '../model/machine.ts';
import type { TableName } from './table-columns.ts';
import { cpuRows, descriptorRows, vectorRows } from './tables-cpu.ts';
import { bindingRows, storeRows } from './tables-store.ts';
import { entryRows, faultRows } from './tables-unit.ts';

/** One row of a table. */
export interface TableRow {
  /** Its name in its table. */
  readonly id: string;
  /** Where it is, as the trace names places. */
  readonly place: string;
  /** As people read them, in the order of the table's columns. */
  readonly cells: readonly string[];
}

/** Rows of each table. */
const ROWS: Record<TableName, (machine: Machine, state: State) => TableRow[]> = {
  vectors: vectorRows,
  cpus: cpuRows,
  entries: entryRows,
  stores: storeRows,
  bindings: bindingRows,
  descriptors: descriptorRows,
  faults: faultRows,
};

/** One table of a state. */
export const tableOf = (machine: Machine, state: State, table: TableName): TableRow[] =>
  ROWS[table](machine, state);
