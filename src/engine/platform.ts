import { AMD_CONTROL } from '../arch/amdvi.ts';
import { GSTS } from '../arch/vtd.ts';
import { get, set } from '../bits/layout.ts';
import type { Word } from '../bits/word.ts';
import { BUS_KINDS, rewrite } from '../domains/bus.ts';
import { FIRST_TABLE } from '../domains/remap.ts';
import { layerAt } from '../domains/stack.ts';
import { HOST, NONE } from '../model/machine.ts';
import type { Out } from '../model/out.ts';
import type { UnitVerb } from '../model/program.ts';
import type { AmdState } from '../units/amdvi.ts';
import { initialStore } from '../units/store.ts';
import { tablePage, type VtdState } from '../units/vtd.ts';
import { initialVtd } from '../units/vtd-state.ts';
import type { Env } from './env.ts';
import { unitOf } from './remap-unit.ts';
import { initialDomain, initialRemapUnit, type State } from './state.ts';
import type { Act } from './verbs.ts';

/**
 * The host switches the unit on or off, or gives it another table: the table pointer first, then
 * what is cached, then remapping, and compatibility format last of all.
 * [VTD 5.1.2], [LINUX drivers/iommu/intel/irq_remapping.c iommu_enable_irq_remapping]
 */
export function changeUnit(a: Act, what: UnitVerb): void {
  if (a.state.remap.kind === 'amdvi') changeAmd(a, what);
  if (a.state.remap.kind === 'vtd') changeVtd(a, a.state.remap, what);
}

function changeVtd(a: Act, { gsts }: VtdState, what: UnitVerb): void {
  const by = a.step.by;
  const status = [gsts];
  const put = (field: 'ires' | 'irtps' | 'cfis', value: boolean): void => {
    set(status, GSTS.fields[field], value ? 1 : 0);
    a.ops.push({ op: 'register', by, reg: 'gsts', value: status[0] });
  };
  const pointed = get(status, GSTS.fields.irtps) === 1;
  if (what.table || (what.enabled && !pointed)) {
    if (what.table) newTable(a, what.table);
    const [value, high] = irtaOf(a);
    a.ops.push({ op: 'register', by, reg: 'irta', value, high });
    if (!pointed) put('irtps', true);
    a.ops.push({ op: 'invalidate', by, index: 0, count: 0, rid: NONE }, { op: 'wait', by });
  }
  if (what.enabled !== null) put('ires', what.enabled);
  if (what.compatFormat !== null) put('cfis', what.compatFormat === 'pass');
}

/** Page of the table as the host's driver believes it. */
function pageOf({ env, state }: Act): number {
  for (const [i, domain] of state.domains.entries())
    if (domain.kind === 'remap' && env.machine.domains[i].realm === HOST) return domain.table;
  return FIRST_TABLE;
}

/** The table pointer register as the driver would write it now. */
function irtaOf(a: Act): readonly Word[] {
  const plan = a.env.machine.remap;
  return plan.kind === 'vtd' ? initialVtd(plan, pageOf(a)).irta : [0, 0];
}

/** A fresh table at the next place, empty or with the old entries. */
function newTable(a: Act, kind: 'empty' | 'copy'): void {
  const { remap, domains } = a.state;
  if (remap.kind !== 'vtd') return;
  const by = a.step.by;
  const old = tablePage(remap.irta);
  const table = old + TABLE_PAGES;
  for (const [i, domain] of domains.entries())
    if (domain.kind === 'remap' && a.env.machine.domains[i].realm === HOST) domain.table = table;
  if (kind === 'empty') return;
  for (const [index, words] of Object.entries(remap.tables[old] ?? {}))
    a.ops.push({ op: 'entry', by, table, index: Number(index), first: 0, words: [...words] });
}

function changeAmd(a: Act, what: UnitVerb): void {
  const { remap } = a.state;
  if (remap.kind !== 'amdvi') return;
  const by = a.step.by;
  if (what.table === 'empty') emptyTables(a, remap);
  if (what.enabled === null) return;
  const fresh = initialRemapUnit(a.env.machine);
  if (fresh.kind !== 'amdvi') return;
  const base = fresh.deviceTableBase;
  a.ops.push({ op: 'register', by, reg: 'deviceTableBase', value: base[0], high: base[1] });
  set(fresh.control, AMD_CONTROL.fields.iommuEn, what.enabled ? 1 : 0);
  const [value, high] = fresh.control;
  a.ops.push({ op: 'register', by, reg: 'control', value, high });
}

/** Entries of all interrupt tables are cleared, and so is what is cached of them. */
function emptyTables(a: Act, { tables }: AmdState): void {
  const by = a.step.by;
  for (const [table, entries] of Object.entries(tables))
    for (const [index, words] of Object.entries(entries))
      a.ops.push({
        op: 'entry',
        by,
        table: Number(table),
        index: Number(index),
        first: 0,
        words: words.map(() => 0),
      });
  a.ops.push({ op: 'invalidate', by, index: 0, count: 0, rid: NONE }, { op: 'wait', by });
}

/** Pages of the largest table: 65536 entries of 16 bytes. [VTD 11.4.23] */
const TABLE_PAGES = 0x100;

/** Power goes: registers of devices and units are lost, memory stays. */
export function suspend(env: Env, state: State, out: Out): void {
  for (const [index, device] of env.machine.devices.entries()) {
    state.stores[index] = initialStore(device);
    out.emit('platform', { act: 'reset', of: device.name });
  }
  state.invalidations = [];
  const { remap } = state;
  unitOf(remap).loseRegisters(remap);
  if (remap.kind !== 'none') out.emit('platform', { act: 'reset', of: 'ir' });
}

/** Power is back: the unit is switched on again, and messages are written again. */
export function resume(a: Act): void {
  const { machine } = a.env;
  const compatFormat = machine.remap.kind === 'vtd' ? machine.remap.compatFormat : null;
  const enabled = machine.remap.kind === 'none' ? null : machine.remap.enabled;
  changeUnit(a, { verb: 'unit', enabled, compatFormat, table: null });
  if (machine.off.includes('store/rewrite-on-resume')) return;
  for (const [index, domain] of machine.domains.entries())
    if (domain.realm === HOST && BUS_KINDS.some(kind => kind === domain.kind))
      rewrite(a.ctx, layerAt(a.ctx, index));
}

/**
 * Another kernel starts on the running machine: nothing is known of what the last one gave out, but
 * devices still hold their messages. A crash kernel copies the table so that these stay harmless;
 * any other begins with an empty one. [LINUX drivers/iommu/intel/irq_remapping.c]
 */
export function bootKernel(a: Act, kernel: 'kernel' | 'crash-kernel'): void {
  const { machine } = a.env;
  const inherited = kernel === 'crash-kernel' ? presentEntries(a.state.remap) : [];
  for (const [index, domain] of machine.domains.entries()) {
    if (domain.realm !== HOST) continue;
    const fresh = initialDomain(machine, domain);
    const table = pageOf(a);
    a.state.domains[index] = fresh.kind === 'remap' ? { ...fresh, inherited, table } : fresh;
  }
  a.state.hypervisor.bindings = {};
  for (const cpu of machine.realms[HOST].cpus) {
    a.state.apics[cpu].online = 1;
    a.state.apics[cpu].interrupts = 1;
  }
  a.out.emit('platform', { act: 'boot', kernel });
  for (const [device, spec] of machine.devices.entries())
    if (spec.store === 'msi' || spec.store === 'msix')
      for (const [reg, value] of [
        ['enable', 0],
        ['multiple', 1],
      ] as const)
        a.ops.push({ op: 'function', by: HOST, device, reg, value });
  const table = kernel === 'crash-kernel' ? 'copy' : 'empty';
  changeUnit(a, { verb: 'unit', enabled: null, compatFormat: null, table });
}

/** Indices of entries that are there, in the table in use or in any of several. */
function presentEntries(remap: State['remap']): number[] {
  if (remap.kind === 'none') return [];
  const tables =
    remap.kind === 'vtd'
      ? [remap.tables[tablePage(remap.irta)] ?? {}]
      : Object.values(remap.tables);
  return [...new Set(tables.flatMap(table => Object.keys(table).map(Number)))];
}
