import type { State } from '../engine/state.ts';
import type { Machine } from '../model/machine.ts';
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

/** What software and hardware keep in tables, drawn from the state. */
export const TABLES = {
  /** Vectors in use: what the software of each CPU believes they are for. */
  vectors: { columns: ['cpu', 'vector', 'irq', 'pending', 'inService'], rows: vectorRows },
  /** Local APICs. */
  cpus: { columns: ['cpu', 'online', 'interrupts', 'irr', 'isr', 'waiting', 'esr'], rows: cpuRows },
  /** Entries of the remap unit. */
  entries: {
    columns: ['table', 'index', 'form', 'vector', 'dest', 'source', 'words', 'cached'],
    rows: entryRows,
  },
  /** Message stores of devices, and what their owner sees where that differs. */
  stores: {
    columns: ['device', 'slot', 'address', 'data', 'masked', 'waits', 'enabled'],
    rows: storeRows,
  },
  /** What the hypervisor forwards where. */
  bindings: { columns: ['irq', 'cpu', 'vector', 'message'], rows: bindingRows },
  /** Posted interrupt descriptors. */
  descriptors: { columns: ['cpu', 'pir', 'on', 'sn', 'nv', 'ndst'], rows: descriptorRows },
  /** Refusals the unit noted for its driver. */
  faults: { columns: ['record', 'reason', 'requester', 'index'], rows: faultRows },
} as const satisfies Record<
  string,
  {
    readonly columns: readonly string[];
    readonly rows: (machine: Machine, state: State) => TableRow[];
  }
>;
export type TableName = keyof typeof TABLES;
export type ColumnName = (typeof TABLES)[TableName]['columns'][number];

/** Names of all tables in the order in which people look at them. */
export const TABLE_NAMES = Object.keys(TABLES) as TableName[];

/** All tables of a state. */
export const tablesOf = (machine: Machine, state: State): Record<TableName, TableRow[]> => ({
  vectors: vectorRows(machine, state),
  cpus: cpuRows(machine, state),
  entries: entryRows(machine, state),
  stores: storeRows(machine, state),
  bindings: bindingRows(machine, state),
  descriptors: descriptorRows(machine, state),
  faults: faultRows(machine, state),
});
