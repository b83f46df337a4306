import { IRTE } from '../arch/vtd.ts';
import type { Machine, StoreKind } from '../model/machine.ts';
import { FUNCTION_REGS, REG_NAMES } from '../model/op.ts';
import type { Happening } from '../model/record.ts';
import { modeName } from '../model/wire.ts';

/** Where a happening took place, what it wrote and what it depended on, as names of places. */
export interface Places {
  readonly where: string;
  readonly writes: readonly string[];
  readonly reads: readonly string[];
}

const NOWHERE: readonly string[] = [];
const at = (where: string, reads: readonly string[] = NOWHERE): Places => ({
  where,
  writes: [where],
  reads,
});
const seen = (where: string, reads: readonly string[] = NOWHERE): Places => ({
  where,
  writes: NOWHERE,
  reads,
});

/** The name of a slot of a message store, such as `nic0.msix[2]`. */
export const slotPlace = (device: string, store: StoreKind, slot: number): string =>
  `${device}.${store}[${store === 'msi' ? 0 : slot}]`;

const registersOf = (slot: string): string[] => REG_NAMES.slice(0, 3).map(reg => `${slot}.${reg}`);

const virtualEntry = (guest: string, index: number): string => `${guest}/ir.irte[${index}]`;

export const entryPlace = (index: number): string => `ir.irte[${index}]`;

/** The low and the high 64 bits of an entry: they may be written one after the other. */
const entryHalves = (index: number): string[] => [
  `${entryPlace(index)}.low`,
  `${entryPlace(index)}.high`,
];

const touches = (what: { first: number; after: readonly unknown[] }, half: number): boolean =>
  what.first < 2 * half + 2 && what.first + what.after.length > 2 * half;

/** The place whose last writer decided a value a check looked at. */
export function inputPlace(ref: string): string {
  const deviceEntry = /^(ir\.dte\[\d+\])\.\w+$/.exec(ref);
  if (deviceEntry) return deviceEntry[1];
  const match = /^(ir\.irte\[\d+\])\.(\w+)$/.exec(ref);
  if (!match) return ref;
  const field = IRTE.fields[match[2] as keyof typeof IRTE.fields];
  return `${match[1]}.${field && field.bit >= 64 ? 'high' : 'low'}`;
}

const vectorPlace = (cpu: string, vector: number): string =>
  `${cpu}.irr[0x${vector.toString(16).padStart(2, '0')}]`;

/** Names places as people and scenario files do. */
export function createPlaces(machine: Machine): (what: Happening) => Places {
  const stores = new Map(machine.devices.map(device => [device.name, device.store]));
  const slots = new Map(machine.irqs.map(irq => [irq.name, irq]));
  const slotOf = (device: string, slot: number) =>
    slotPlace(device, stores.get(device) ?? 'msi', slot);
  const slotOfIrq = (name: string): string => {
    const irq = slots.get(name);
    return irq ? slotOf(machine.devices[irq.device].name, irq.slot) : '';
  };

  function placesOf(what: Happening): Places {
    switch (what.act) {
      case 'step':
      case 'result':
        return seen(`step ${what.step}`);
      case 'choice':
        return seen('choice');
      case 'create':
        return at(what.domain);
      case 'assign':
        return at(what.device);
      case 'alloc':
      case 'free':
        return at(`${what.domain}/${what.irq}`);
      case 'activate':
      case 'deactivate':
        return seen(`${what.domain}/${what.irq}`, [`${what.domain}/${what.irq}`]);
      case 'compose': {
        const asked = what.kind === 'hcall' ? [`answer for ${what.irq}`] : NOWHERE;
        return at(`message of ${what.irq}`, [`${what.domain}/${what.irq}`, ...asked]);
      }
      case 'forge':
      case 'put':
        return {
          where: slotOfIrq(what.irq),
          writes: [`put ${slotOfIrq(what.irq)}`],
          reads: [`message of ${what.irq}`],
        };
      case 'bind':
      case 'unbind':
      case 'unpost':
        return at(`binding of ${what.irq}`);
      case 'right':
        return at(`right on ${what.irq}`);
      case 'readback':
        return seen(slotOf(what.device, what.slot), registersOf(slotOf(what.device, what.slot)));
      case 'route': {
        const entry = 'entry' in what.outcome ? [virtualEntry(what.guest, what.outcome.entry)] : [];
        return { where: `route of ${what.irq}`, writes: NOWHERE, reads: entry };
      }
      case 'hypercall': {
        const where = `message of ${what.irq}`;
        return { where, writes: [`answer for ${what.irq}`], reads: [where] };
      }
      case 'trap':
        return seen(slotOf(what.device, what.slot), [`put ${slotOf(what.device, what.slot)}`]);
      case 'write':
        return writePlaces(what, slotOf);
      case 'queue':
      case 'invalidate':
        return seen(what.scope === 'index' ? entryPlace(what.index) : 'ir.cache');
      case 'raise':
        return seen(slotOfIrq(what.irq));
      case 'emit':
        return seen(what.device, what.irq ? registersOf(slotOfIrq(what.irq)) : NOWHERE);
      case 'stray':
        return seen('bus');
      case 'retag':
        return seen(what.bridge);
      case 'translate':
        return seen('ir', 'entry' in what.outcome ? entryHalves(what.outcome.entry) : NOWHERE);
      case 'fault':
        return at(what.unit.endsWith('/ir') ? `${what.unit}.faults` : 'ir.faults');
      case 'deliver':
        return modeName(what.request) === 'fixed' || modeName(what.request) === 'lowest'
          ? at(vectorPlace(what.cpu, what.request.vector))
          : at(`${what.cpu}.${modeName(what.request)}`);
      case 'post':
        return at(`${what.descriptor}.pir`);
      case 'service': {
        const place =
          what.mode === 'fixed' ? vectorPlace(what.cpu, what.vector) : `${what.cpu}.${what.mode}`;
        return seen(place, [place]);
      }
      case 'reset':
        return at(what.of);
      case 'boot':
        return seen('host');
      case 'eoi':
        return seen(vectorPlace(what.cpu, what.vector));
      case 'cpu':
        return at(what.cpu);
    }
  }
  return placesOf;
}

function writePlaces(
  what: Extract<Happening, { act: 'write' }>,
  slotOf: (device: string, slot: number) => string,
): Places {
  switch (what.unit) {
    case 'store':
    case 'virtual-store': {
      if (what.at < 0) return at(`${what.of}.${FUNCTION_REGS[what.first]} (virtual)`);
      const slot = slotOf(what.of, what.at) + (what.unit === 'store' ? '' : ' (virtual)');
      const regs = what.after.map((_, i) => `${slot}.${REG_NAMES[what.first + i]}`);
      const where = regs.length === 1 ? regs[0] : slot;
      return { where, writes: [slot, ...regs], reads: [`put ${slot}`] };
    }
    case 'table': {
      const halves = entryHalves(what.at).filter((_, half) => touches(what, half));
      const where = entryPlace(what.at);
      return { where, writes: [where, ...halves], reads: NOWHERE };
    }
    case 'device-table':
      return at(`ir.dte[${what.at}]`);
    case 'virtual-table':
      return at(virtualEntry(what.of, what.at));
    case 'register':
      return at(`ir.${what.of}`);
    case 'function':
      return at(`${what.of}.${FUNCTION_REGS[what.first]}`);
    case 'descriptor':
      return at(`${what.of}.pid`);
  }
}
