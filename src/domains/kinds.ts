import type { DomainKind } from '../model/machine.ts';
import { busVerbs } from './bus.ts';
import { hcallVerbs } from './hcall.ts';
import { remapVerbs } from './remap.ts';
import { vectorVerbs } from './vector.ts';
import type { Verbs } from './verbs.ts';

/** What each kind of layer can do. A missing verb is asked of the parent. */
export const DOMAIN_VERBS = {
  vector: vectorVerbs,
  remap: remapVerbs,
  hcall: hcallVerbs,
  'pci-msi': busVerbs,
  'pci-msix': busVerbs,
  ims: busVerbs,
  ioapic: busVerbs,
  hpet: busVerbs,
} as const satisfies Record<DomainKind, Verbs>;
