import { SVT } from '../arch/vtd.ts';
import { HOST, type Machine } from '../model/machine.ts';
import { overPlatform } from './platform-swap.ts';
import { SOUND_VTD } from './sound.ts';

/** A single check or habit that could be added to a machine. */
export interface Hardening {
  readonly id: string;
  readonly text: string;
  readonly machine: Machine;
}

/** Every machine that differs from this one by one check more. */
export function hardenings(machine: Machine): Hardening[] {
  return [
    ...unitHardenings(machine),
    ...deviceHardenings(machine),
    ...machine.off.map(rule => ({
      id: rule,
      text: `${rule} switched on`,
      machine: { ...machine, off: machine.off.filter(other => other !== rule) },
    })),
  ];
}

function unitHardenings(machine: Machine): Hardening[] {
  const { remap } = machine;
  const list: Hardening[] = [];
  const add = (id: string, text: string, changed: Machine['remap']): void => {
    list.push({ id, text, machine: { ...machine, remap: changed } });
  };
  if (remap.kind === 'none')
    list.push({
      id: 'remap-unit',
      text: 'a remap unit that blocks compatibility format',
      machine: overPlatform(machine, SOUND_VTD),
    });
  if (remap.kind === 'vtd') {
    if (!remap.enabled) add('remapping', 'remapping switched on', { ...remap, enabled: true });
    if (remap.compatFormat === 'pass')
      add('vtd/compat-format', 'compatibility format blocked (fault 0x25)', {
        ...remap,
        compatFormat: 'block',
      });
    if (remap.sourceValidation === 'none')
      add('vtd/source-id', 'requester ids checked, SVT=1 (fault 0x26)', {
        ...remap,
        sourceValidation: 'full',
      });
    if (remap.profile === 'qemu')
      add('spec', 'a unit that follows the specification', { ...remap, profile: 'spec' });
    if (remap.cache !== 'never')
      add('no-cache', 'a unit that does not cache entries', { ...remap, cache: 'never' });
    if (remap.entryWrite === 'halves')
      add('whole-entry', 'entries written in one go', { ...remap, entryWrite: 'whole' });
  }
  if (remap.kind === 'amdvi') {
    if (remap.table === 'shared')
      add('amdvi/table', 'an interrupt table for each requester id', {
        ...remap,
        table: 'per-device',
      });
    if (remap.pass.length > 0) add('amdvi/pass', 'no pass bits', { ...remap, pass: [] });
    if (remap.intCtl === 1) add('amdvi/int-ctl', 'IntCtl=10: remap', { ...remap, intCtl: 2 });
    if (!remap.intValid) add('amdvi/valid', 'IV=1', { ...remap, intValid: true });
    if (remap.profile === 'qemu')
      add('spec', 'a unit that follows the specification', { ...remap, profile: 'spec' });
    if (remap.entryWrite === 'clear-first')
      add('whole-entry', 'entries replaced in one go', { ...remap, entryWrite: 'whole' });
  }
  return list;
}

function deviceHardenings(machine: Machine): Hardening[] {
  const list: Hardening[] = [];
  const change = (id: string, text: string, devices: Machine['devices']): void => {
    list.push({ id, text, machine: { ...machine, devices } });
  };
  const loose = machine.devices.some(
    d => d.sourceCheck !== 'linux' && d.sourceCheck.svt !== SVT.requester,
  );
  if (loose)
    change(
      'vtd/source-id',
      'the source check Linux would choose',
      machine.devices.map(d => ({ ...d, sourceCheck: 'linux' as const })),
    );
  const shared = machine.devices.some((d, i) =>
    machine.devices.some((e, j) => j < i && e.rid === d.rid && e.owner !== d.owner),
  );
  if (shared)
    change(
      'unique-requester',
      'a requester id of its own for each owner',
      machine.devices.map((d, i) => ({ ...d, rid: (d.rid + i * 8) & 0xffff })),
    );
  const reachable = machine.devices.some(d => d.owner !== HOST && d.reach === 'direct');
  if (reachable)
    change(
      'trap',
      'the store trapped by the hypervisor',
      machine.devices.map(d => (d.reach === 'direct' ? { ...d, reach: 'trapped' as const } : d)),
    );
  const unchecked = machine.devices.some(d => d.pasid >= 0 && !d.checksPasid);
  if (unchecked)
    change(
      'pasid-check',
      'a device that compares PASIDs',
      machine.devices.map(d => ({ ...d, checksPasid: d.pasid >= 0 })),
    );
  if (machine.devices.some(d => d.cachesMessage))
    change(
      'no-copies',
      'a device that keeps no copy of its messages',
      machine.devices.map(d => ({ ...d, cachesMessage: false })),
    );
  const bridges = machine.bridges.some(bridge => !bridge.checksSource);
  if (bridges)
    list.push({
      id: 'bridge/source-bus',
      text: 'bridges that check the bus of their sources',
      machine: { ...machine, bridges: machine.bridges.map(b => ({ ...b, checksSource: true })) },
    });
  return list;
}
