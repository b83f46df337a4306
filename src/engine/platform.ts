import { AMD_CONTROL } from '../arch/amdvi.ts';
import { GSTS, IRTA } from '../arch/vtd.ts';
import { set } from '../bits/layout.ts';
import { BUS_KINDS, rewrite } from '../domains/bus.ts';
import { layerAt } from '../domains/stack.ts';
import { HOST, NONE } from '../model/machine.ts';
import type { Out } from '../model/out.ts';
import type { UnitVerb } from '../model/program.ts';
import { initialStore } from '../units/store.ts';
import { tablePage } from '../units/vtd.ts';
import type { Env } from './env.ts';
import { initialDomain, type State } from './state.ts';
import type { Act } from './verbs.ts';

/** Registers of the unit change hands; table changes come before, switches after. [VTD 5.1.2] */
export function changeUnit(a: Act, what: UnitVerb): void {
  const { remap } = a.state;
  const by = a.step.by;
  if (remap.kind === 'amdvi' && what.enabled !== null) {
    const control = [...remap.control];
    set(control, AMD_CONTROL.fields.iommuEn, what.enabled ? 1 : 0);
    a.ops.push({ op: 'register', by, reg: 'control', value: control[0] });
  }
  if (remap.kind !== 'vtd') return;
  if (what.table) newTable(a, what.table);
  const gsts = [remap.gsts];
  const change = (field: 'ires' | 'cfis', value: boolean | null): void => {
    if (value === null) return;
    set(gsts, GSTS.fields[field], value ? 1 : 0);
    a.ops.push({ op: 'register', by, reg: 'gsts', value: gsts[0] });
  };
  change('ires', what.enabled);
  change('cfis', what.compatFormat === null ? null : what.compatFormat === 'pass');
}

/** A fresh table at the next page, empty or with the old entries, and everything cached dropped. */
function newTable(a: Act, kind: 'empty' | 'copy'): void {
  const { remap } = a.state;
  if (remap.kind !== 'vtd') return;
  const by = a.step.by;
  const old = tablePage(remap.irta);
  const irta = [...remap.irta];
  set(irta, IRTA.fields.base, old + TABLE_PAGES);
  if (kind === 'copy')
    for (const [index, words] of Object.entries(remap.tables[old] ?? {}))
      a.ops.push({
        op: 'entry',
        by,
        table: old + TABLE_PAGES,
        index: Number(index),
        first: 0,
        words: [...words],
      });
  for (const domain of a.state.domains)
    if (domain.kind === 'remap') domain.table = old + TABLE_PAGES;
  a.ops.push({ op: 'register', by, reg: 'irta', value: irta[0] });
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
  const { remap } = state;
  if (remap.kind === 'vtd') {
    remap.gsts = 0;
    remap.cache = {};
  }
  if (remap.kind === 'amdvi') {
    set(remap.control, AMD_CONTROL.fields.iommuEn, 0);
    remap.cache = {};
  }
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
  const inherited =
    kernel === 'crash-kernel' && a.state.remap.kind === 'vtd'
      ? Object.keys(a.state.remap.tables[tablePage(a.state.remap.irta)] ?? {}).map(Number)
      : [];
  for (const [index, domain] of machine.domains.entries()) {
    if (domain.realm !== HOST) continue;
    const fresh = initialDomain(machine, domain);
    a.state.domains[index] = fresh.kind === 'remap' ? { ...fresh, inherited } : fresh;
  }
  a.out.emit('platform', { act: 'boot', kernel });
  for (const [device, spec] of machine.devices.entries())
    if (spec.store === 'msi' || spec.store === 'msix')
      a.ops.push({ op: 'function', by: HOST, device, reg: 'enable', value: 0 });
  const table = kernel === 'crash-kernel' ? 'copy' : 'empty';
  changeUnit(a, { verb: 'unit', enabled: null, compatFormat: null, table });
}
