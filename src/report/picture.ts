import { type DomainKind, HOST, type Machine, NONE } from '../model/machine.ts';

/** What a layer, or a device, does about a message, in the words of the 2020 mail. [TGLX] */
export type Role = 'alloc' | 'compose' | 'store' | 'use';

/** What a layer does. `asked`: it composes by asking the hypervisor. */
export interface Roles {
  readonly roles: readonly Role[];
  readonly asked: boolean;
}

/**
 * The drawing of the 2020 mail a realm's view of its devices is. `no-hcall` and `hidden-cpuid` are
 * not drawn there, only told: a guest that may store messages where nobody looks, without a layer
 * to ask; and one that can't know that it is a guest. [TGLX]
 */
export type Picture = 'basic' | 'iommu' | 'trap' | 'hcall' | 'no-hcall' | 'hidden-cpuid';

const BUS_KINDS = ['vector', 'remap', 'hcall'];

/** What a layer is called in the drawings of the 2020 mail. [TGLX] */
export function layerTitle(kind: DomainKind): string {
  switch (kind) {
    case 'vector':
      return 'Vectordomain';
    case 'remap':
      return 'Remapdomain';
    case 'hcall':
      return 'HCALLdomain';
    default:
      return 'Busdomain';
  }
}

/** A layer as people call it: its title, its device, its guest. */
export function layerName(machine: Machine, index: number): string {
  const { kind, realm, device } = machine.domains[index];
  const owner = realm === HOST ? '' : ` of guest ${machine.realms[realm].name}`;
  const what = device === NONE ? '' : ` for ${machine.devices[device].name}`;
  return `${layerTitle(kind)}${what}${owner}`;
}

/** Whether a layer stores messages rather than making them. */
const stores = (kind: string): boolean => !BUS_KINDS.includes(kind);

/** What a layer of a machine does. The layer nearest to the store composes. */
export function rolesOf(machine: Machine, domain: number): Roles {
  const { kind } = machine.domains[domain];
  if (stores(kind)) return { roles: ['store'], asked: false };
  if (kind === 'hcall') return { roles: ['compose'], asked: true };
  if (kind === 'remap') return { roles: ['alloc', 'compose'], asked: false };
  const composes =
    machine.stacks.some(tops => tops.includes(domain)) ||
    machine.domains.some(d => stores(d.kind) && d.parent === domain);
  return { roles: composes ? ['alloc', 'compose'] : ['alloc'], asked: false };
}

/** The drawing that shows how a realm sees its devices; null where it has none. */
export function pictureOf(machine: Machine, realm: number): Picture | null {
  const kinds = machine.domains.filter(d => d.realm === realm).map(({ kind }) => kind);
  if (realm === HOST) return machine.remap.kind === 'none' ? 'basic' : 'iommu';
  const devices = machine.devices.filter(
    (_, device) => (machine.stacks[realm]?.[device] ?? -1) >= 0,
  );
  if (devices.length === 0) return null;
  if (kinds.includes('hcall')) return 'hcall';
  if (devices.some(({ store, reach }) => store === 'ims-queue' || reach === 'queue'))
    return machine.realms[realm].knowsItIsVm ? 'no-hcall' : 'hidden-cpuid';
  return 'trap';
}
