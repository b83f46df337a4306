import type { Machine } from '../model/machine.ts';
import type { Happening, TraceRecord } from '../model/record.ts';

/**
 * Parts of the picture of a machine. `unit` is the place of the remap unit, also where there is
 * none; `realm` is the software of a host or guest as a whole.
 */
export type Part = 'cpu' | 'unit' | 'bridge' | 'bus' | 'device' | 'domain' | 'hypervisor' | 'realm';

/** A part of the picture, by the name the machine gives it; `of` is empty where it has none. */
export interface Spot {
  readonly part: Part;
  readonly of: string;
}

/** Where a record shows, and where that came from when it went from one part to another. */
export interface Place {
  readonly at: Spot;
  readonly from: Spot | null;
}

const UNIT: Spot = { part: 'unit', of: '' };
const BUS: Spot = { part: 'bus', of: '' };
const HYPERVISOR: Spot = { part: 'hypervisor', of: '' };
const spot = (part: Part, of: string): Spot => ({ part, of });
const only = (at: Spot): Place => ({ at, from: null });

/** One text for a spot, for tables keyed by it. */
export const spotKey = ({ part, of }: Spot): string => `${part}/${of}`;

/** The topmost layer of a realm's stack for a device; null where the realm has none. */
function busLayer(machine: Machine, realmName: string, deviceName: string): Spot | null {
  const realm = machine.realms.findIndex(({ name }) => name === realmName);
  const device = machine.devices.findIndex(({ name }) => name === deviceName);
  const top = machine.stacks[realm]?.[device] ?? -1;
  return top < 0 ? null : spot('domain', machine.domains[top].name);
}

function hcallLayer(machine: Machine, realmName: string): Spot | null {
  const layer = machine.domains.find(
    ({ kind, realm }) => kind === 'hcall' && machine.realms[realm].name === realmName,
  );
  return layer ? spot('domain', layer.name) : null;
}

function ofWrite(
  machine: Machine,
  actor: string,
  what: Extract<Happening, { act: 'write' }>,
): Place {
  switch (what.unit) {
    case 'store':
    case 'virtual-store':
    case 'function':
      return { at: spot('device', what.of), from: busLayer(machine, actor, what.of) };
    case 'virtual-table':
      return only(HYPERVISOR);
    case 'table':
    case 'device-table':
    case 'register': {
      const layer = machine.domains.find(
        ({ kind, realm }) => kind === 'remap' && machine.realms[realm].name === actor,
      );
      return { at: UNIT, from: layer ? spot('domain', layer.name) : null };
    }
    case 'descriptor':
      return { at: spot('cpu', what.of), from: HYPERVISOR };
  }
}

/** Where in the picture a record shows. Acts this function does not know show at their realm. */
export function placeOf(machine: Machine, record: TraceRecord): Place {
  const { actor } = record;
  switch (record.act) {
    case 'create':
    case 'alloc':
    case 'free':
    case 'activate':
    case 'deactivate':
    case 'compose':
    case 'put':
      return only(spot('domain', record.domain));
    case 'assign':
      return { at: spot('device', record.device), from: HYPERVISOR };
    case 'bind':
    case 'unbind':
    case 'unpost':
    case 'right':
    case 'route':
      return only(HYPERVISOR);
    case 'readback':
      return { at: HYPERVISOR, from: spot('device', record.device) };
    case 'forge': {
      const device = record.irq.split('.')[0];
      return { at: spot('device', device), from: spot('realm', actor) };
    }
    case 'write':
      return ofWrite(machine, actor, record);
    case 'trap':
      return { at: HYPERVISOR, from: busLayer(machine, actor, record.device) };
    case 'hypercall':
      return { at: HYPERVISOR, from: hcallLayer(machine, actor) };
    case 'raise':
      return only(spot('device', actor));
    case 'emit':
      return only(spot('device', record.device));
    case 'stray':
      return only(BUS);
    case 'retag':
      return only(spot('bridge', record.bridge));
    case 'translate':
    case 'invalidate':
    case 'queue':
      return only(UNIT);
    case 'fault':
      return only(
        machine.bridges.some(({ name }) => name === record.unit)
          ? spot('bridge', record.unit)
          : UNIT,
      );
    case 'deliver':
    case 'service':
    case 'eoi':
    case 'cpu':
      return only(spot('cpu', record.cpu));
    case 'post':
      return { at: spot('cpu', record.descriptor), from: UNIT };
    default:
      return only(spot('realm', actor));
  }
}
