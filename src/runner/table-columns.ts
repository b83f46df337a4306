/** The tables software and hardware keep, and their columns. */
export const TABLE_COLUMNS = {
  /** Vectors in use: what the software of each CPU believes they are for. */
  vectors: ['cpu', 'vector', 'irq', 'pending', 'inService'],
  /** Local APICs. */
  cpus: ['cpu', 'online', 'interrupts', 'irr', 'isr', 'waiting', 'esr'],
  /** Entries of the remap unit. */
  entries: ['table', 'index', 'form', 'vector', 'dest', 'source', 'words', 'cached'],
  /** Message stores of devices, and what their owner sees where that differs. */
  stores: ['device', 'slot', 'address', 'data', 'masked', 'waits', 'enabled'],
  /** What the hypervisor forwards where. */
  bindings: ['irq', 'cpu', 'vector', 'message'],
  /** Posted interrupt descriptors. */
  descriptors: ['cpu', 'pir', 'on', 'sn', 'nv', 'ndst'],
  /** Refusals the unit noted for its driver. */
  faults: ['record', 'reason', 'requester', 'index'],
} as const;
export type TableName = keyof typeof TABLE_COLUMNS;
export type ColumnName = (typeof TABLE_COLUMNS)[TableName][number];

/** Names of all tables in the order in which people look at them. */
export const TABLE_NAMES = Object.keys(TABLE_COLUMNS) as TableName[];
