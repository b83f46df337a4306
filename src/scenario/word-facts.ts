import type { HypervisorSpec, Reach, StoreKind, TrapAction } from '../model/machine.ts';
import type { ATTACKS } from '../model/program.ts';

/** What words of the language mean, where a line at their key is too short for it. */

export type AttackKind = (typeof ATTACKS)[number];

/** Keys of an attack besides its kind. */
export type AttackKey = 'irq' | 'device' | 'message' | 'as' | 'times';

export interface AttackFacts {
  readonly needs: readonly AttackKey[];
  readonly takes: readonly AttackKey[];
  readonly means: string;
}

export const ATTACK_FACTS: Readonly<Record<AttackKind, AttackFacts>> = {
  'forge-store': {
    needs: ['irq', 'message'],
    takes: [],
    means: 'writes a message into the slot of an interrupt, past its own layers',
  },
  replay: {
    needs: ['irq'],
    takes: [],
    means: 'writes the last message of meaning that the slot held, after it was freed perhaps',
  },
  'dma-write': {
    needs: ['device', 'message'],
    takes: [],
    means: 'has the device write to memory; only one with dmaWrites: true can be made to',
  },
  spoof: {
    needs: ['device', 'message', 'as'],
    takes: [],
    means: 'has the device write under a requester id that is not its own',
  },
  'borrow-slot': {
    needs: ['irq', 'device'],
    takes: [],
    means: 'has the device, an interface of the same function, use the slot of an interrupt',
  },
  storm: { needs: ['irq'], takes: ['times'], means: 'raises many times at once; 1000' },
};

export const STORE_FACTS: Readonly<Record<StoreKind, string>> = {
  msi: 'address and data in config space: three writes, one message for all its interrupts, masks only with maskable: true',
  msix: 'a table of entries in the device, each with a mask; masked while it is written',
  'ims-device': 'slots in the device as idxd has them, each with a mask and a PASID',
  'ims-queue':
    'memory of the driver, from which the device fetches: no mask, no trap, changed as a whole by a queued command',
  ioapic: 'pins, whose entries say what is sent in their name',
  hpet: 'timers of a High Precision Event Timer, two registers each',
};

export const REACH_FACTS: Readonly<Record<Reach, string>> = {
  trapped: 'each access comes to the hypervisor; what it does is said under hypervisor.traps',
  direct: 'its page is mapped into the guest: nobody sees an access',
  queue: 'it is the guest’s own memory; the only way there is for ims-queue',
};

export const TRAP_FACTS: Readonly<Record<TrapAction, string>> = {
  translate:
    'a complete message is understood, the host side made for it, and the host’s own message stored',
  emulate: 'the device is the hypervisor’s own model: what it sends is injected',
  pass: 'what the guest wrote is stored as it is',
  refuse: 'nothing happens',
};

export const ERROR_MODEL_FACTS: Readonly<Record<HypervisorSpec['errorModel'], string>> = {
  'at-alloc': 'the call returns the error, and allocation fails',
  'null-message': 'the call succeeds with a message of zeros',
  'stale-message': 'the call succeeds with the message it gave before',
};

export const ASSIGNMENT_FACTS: Readonly<Record<HypervisorSpec['unsafeAssignment'], string>> = {
  refuse: 'the device is not given away: EPERM, as VFIO says by default',
  warn: 'it is given away, with a warning (assign/no-remap)',
  allow: 'it is given away because somebody asked for that (assign/unsafe-optin)',
};
