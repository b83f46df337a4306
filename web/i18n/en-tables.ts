import type { ColumnName, TableName } from '../../src/index.ts';

/** What the tables are called. */
export const tables: Record<TableName, string> = {
  vectors: 'Vectors',
  cpus: 'Local APICs',
  entries: 'Remapping entries',
  stores: 'Message stores',
  bindings: 'What the hypervisor forwards',
  descriptors: 'Posted interrupt descriptors',
  faults: 'Fault records',
};

/** What a table is for, and who writes it. */
export const tableNotes: Record<TableName, string> = {
  vectors: 'What each CPU’s software believes a vector is for. Software writes it.',
  cpus: 'IRR: accepted and waiting. ISR: being handled. Hardware writes it.',
  entries: 'The table the unit looks messages up in. The host’s Remap layer writes it.',
  stores: 'Where devices find their messages. The layer that owns the store writes it.',
  bindings: 'Host interrupts that belong to a guest. The hypervisor writes it.',
  descriptors:
    'Where the unit posts interrupts for a virtual CPU. Hardware and hypervisor write it.',
  faults: 'What the unit refused. Hardware writes it, the host reads it.',
};

/** Heads of the columns of all tables. */
export const columns: Record<ColumnName, string> = {
  cpu: 'CPU',
  vector: 'vector',
  irq: 'interrupt',
  pending: 'pending (IRR)',
  inService: 'in service (ISR)',
  online: 'online',
  interrupts: 'takes interrupts',
  irr: 'IRR',
  isr: 'ISR',
  waiting: 'also waiting',
  esr: 'error status',
  table: 'table',
  index: 'index',
  form: 'form',
  dest: 'to',
  source: 'source check',
  words: 'words, highest first',
  cached: 'cached copy',
  device: 'device',
  slot: 'slot',
  address: 'address',
  data: 'data',
  masked: 'masked',
  waits: 'waits (PBA)',
  enabled: 'enabled',
  message: 'message',
  pir: 'PIR',
  on: 'ON',
  sn: 'SN',
  nv: 'NV',
  ndst: 'NDST',
  record: 'record',
  reason: 'reason',
  requester: 'requester',
};
