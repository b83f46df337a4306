import type { MsiParentName } from '../arch/msi-parent.ts';
import { HOST, type Machine, NONE } from './machine.ts';

/**
 * What a layer offers to the MSI layers above it; null for one that is no MSI parent. A Vector
 * layer offers more where its kernel takes the machine for bare metal: it can't know better. [TGLX]
 */
export function msiParent(machine: Machine, domain: number): MsiParentName | null {
  const { kind, realm } = machine.domains[domain];
  switch (kind) {
    case 'hcall':
      return 'hcall';
    case 'remap':
      return realm === HOST ? 'remap' : 'virtual-remap';
    case 'vector': {
      if (!machine.imsOnBareMetal) return 'vector';
      const guest = machine.realms[realm].kind === 'guest' && machine.realms[realm].knowsItIsVm;
      return guest ? 'guest-vector-2020' : 'vector-2020';
    }
    default:
      return null;
  }
}

/** The MSI parent nearest to the topmost layer of a stack; null where there is none. */
export function nearestParent(machine: Machine, top: number): MsiParentName | null {
  for (let at = top; at !== NONE; at = machine.domains[at].parent) {
    const parent = msiParent(machine, at);
    if (parent) return parent;
  }
  return null;
}
