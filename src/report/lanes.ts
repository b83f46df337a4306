import { HOST, type Machine } from '../model/machine.ts';
import type { TraceRecord } from '../model/record.ts';
import { placeOf, type Spot } from './spots.ts';

/** A column of a run drawn over time: somebody or something that acts. */
export interface Lane {
  readonly key: string;
  readonly name: string;
}

/** A record between two lanes, or at one. */
export interface LaneStep {
  readonly from: string;
  readonly to: string;
}

const SOFTWARE = 'software';
const HYPERVISOR: Lane = { key: 'hypervisor', name: 'hypervisor' };
const UNIT: Lane = { key: 'unit', name: 'remap unit' };
const BUS: Lane = { key: 'bus', name: 'bus' };

/** Lanes of a machine, from the CPU to the device; each realm’s software stands at its CPUs. */
export function lanesOf(machine: Machine): Lane[] {
  const software = machine.realms.map(
    ({ name }): Lane => ({ key: `${SOFTWARE}/${name}`, name: `${name} (software)` }),
  );
  const guests = machine.realms.length > 1;
  return [
    ...software.slice(1),
    ...machine.cpus.flatMap(({ name, realm }): Lane[] =>
      realm === HOST ? [] : [{ key: `cpu/${name}`, name }],
    ),
    ...(guests ? [HYPERVISOR] : []),
    ...software.slice(0, 1),
    ...machine.cpus.flatMap(({ name, realm }): Lane[] =>
      realm === HOST ? [{ key: `cpu/${name}`, name }] : [],
    ),
    ...(machine.remap.kind === 'none' ? [] : [UNIT]),
    ...machine.bridges.map(({ name }): Lane => ({ key: `bridge/${name}`, name })),
    BUS,
    ...machine.devices.map(({ name }): Lane => ({ key: `device/${name}`, name })),
  ];
}

/** The lane of a part of the picture. */
function laneOf(machine: Machine, { part, of }: Spot): string {
  const realm = (index: number | undefined): string =>
    `${SOFTWARE}/${machine.realms[index ?? HOST].name}`;
  switch (part) {
    case 'domain':
      return realm(machine.domains.find(({ name }) => name === of)?.realm);
    case 'realm':
      return realm(
        Math.max(
          HOST,
          machine.realms.findIndex(({ name }) => name === of),
        ),
      );
    case 'hypervisor':
      return machine.realms.length > 1 ? HYPERVISOR.key : realm(HOST);
    case 'unit':
      return machine.remap.kind === 'none' ? BUS.key : UNIT.key;
    case 'bridge':
      return of ? `bridge/${of}` : BUS.key;
    case 'bus':
      return BUS.key;
    case 'cpu':
    case 'device':
      return `${part}/${of}`;
  }
}

/** Where a record leads from and to. `before` is where its message was, if it has one. */
export function laneStepOf(machine: Machine, record: TraceRecord, before: Spot | null): LaneStep {
  const { at, from } = placeOf(machine, record);
  const to = laneOf(machine, at);
  const start = from ?? before;
  return { from: start ? laneOf(machine, start) : to, to };
}

/** Where the message of each record was before it; null where it was nowhere. */
export function marksBefore(
  journeys: readonly { readonly marks: readonly { readonly seq: number; readonly spot: Spot }[] }[],
): Map<number, Spot> {
  const before = new Map<number, Spot>();
  for (const { marks } of journeys)
    for (const [i, { seq }] of marks.entries()) if (i > 0) before.set(seq, marks[i - 1].spot);
  return before;
}
