import { MSIX_ENTRIES_MAX } from '../arch/store.ts';
import { type Machine, NONE } from '../model/machine.ts';
import { doubtful, fail, type Linker, refer, unknownName } from './linker.ts';
import { didYouMean, nearest } from './problem.ts';
import type { Path } from './source-tree.ts';

/** A name as a file has it: the place it stands at, and whose software is meant. */
export interface Place {
  readonly path: Path;
  /** Realm whose virtual CPUs may be named without their guest; `NONE` where it is not known. */
  readonly by: number;
}

/** Index of a device by name; an unknown one is reported. */
export const deviceIndex = (
  linker: Linker,
  machine: Pick<Machine, 'devices'>,
  path: Path,
  name: string,
): number =>
  refer(linker, path, { kind: 'device', name, known: machine.devices.map(spec => spec.name) });

/** The device whose name is meant, spelling aside; `NONE` where nothing comes near. */
export function deviceMeant(machine: Pick<Machine, 'devices'>, name: string): number {
  const known = machine.devices.map(spec => spec.name);
  return known.includes(name) ? known.indexOf(name) : known.indexOf(nearest(name, known)[0] ?? '');
}

/**
 * Index of an interrupt named `device.slot`. An unknown device or slot is reported, and the one it
 * comes nearest to is taken.
 */
export function irqIndex(
  linker: Linker,
  machine: Pick<Machine, 'devices' | 'irqs'>,
  path: Path,
  name: string,
): number {
  const exact = machine.irqs.findIndex(spec => spec.name === name);
  if (exact >= 0) return exact;
  const [deviceName, slot = ''] = name.split('.');
  const index = deviceIndex(linker, machine, path, deviceName);
  const device = machine.devices[index];
  if (!device) return 0;
  if (device.name === deviceName) badSlot(linker, path, { ...device, slot });
  const near = Math.min(Number(slot), device.slots - 1);
  return Math.max(
    0,
    machine.irqs.findIndex(spec => spec.name === `${device.name}.${near}`),
  );
}

function badSlot(
  linker: Linker,
  path: Path,
  what: { readonly name: string; readonly slots: number; readonly slot: string },
): void {
  const { name, slots, slot } = what;
  if (doubtful(linker, 'slot', name)) return;
  const last = slots - 1;
  const range = slots === 1 ? `only ${name}.0` : `${name}.0 to ${name}.${last}`;
  const message = `${name} has no interrupt ${slot}, ${range}`;
  const again =
    Number(slot) < MSIX_ENTRIES_MAX ? `, or vectors: ${Number(slot) + 1} at the device` : '';
  fail(linker, path, 'ref/slot', message, `write ${name}.${last}${again}`);
}

/** Index of a CPU: a physical one, `guest/vcpu`, or a virtual one of the realm that acts. */
export function cpuIndex(linker: Linker, machine: Machine, at: Place, name: string): number {
  const known = machine.cpus.map(cpu => cpu.name);
  const realm = machine.realms[at.by]?.name ?? '';
  const own = known.indexOf(`${realm}/${name}`);
  if (own >= 0) return own;
  const virtual = known.filter(candidate => candidate.endsWith(`/${name}`));
  if (known.includes(name) || virtual.length === 0)
    return refer(linker, at.path, { kind: 'CPU', name, known });
  if (at.by !== NONE && !doubtful(linker, 'owner'))
    unknownName(linker, at.path, { kind: 'CPU', name, known, hint: didYouMean(virtual) });
  return known.indexOf(virtual[0]);
}

/** As `cpuIndex`, and the CPU must belong to the realm that acts; `NONE` where none is named. */
export function ownCpuIndex(
  linker: Linker,
  machine: Machine,
  at: Place,
  name: string | undefined,
): number {
  if (name === undefined) return NONE;
  const before = linker.problems.length;
  const cpu = cpuIndex(linker, machine, at, name);
  const realm = machine.realms[at.by];
  const told = linker.problems.length > before;
  if (told || !realm || realm.cpus.includes(cpu)) return cpu;
  if (doubtful(linker, 'CPU') || doubtful(linker, 'pin')) return cpu;
  const own = realm.cpus.map(index => machine.cpus[index].name);
  const message = `${name} is no CPU of ${realm.name}`;
  fail(linker, at.path, 'ref/cpu-realm', message, `${realm.name} has ${own.join(', ')}`);
  return cpu;
}

/** Index of a realm by name; `NONE` where it is unknown and nothing comes near. */
export function realmIndex(linker: Linker, machine: Machine, path: Path, name: string): number {
  const known = machine.realms.map(realm => realm.name);
  if (!known.includes(name)) unknownName(linker, path, { kind: 'realm', name, known });
  return known.includes(name) ? known.indexOf(name) : known.indexOf(nearest(name, known)[0] ?? '');
}
