import type { SeededMistake } from './seeded.ts';

/** Parts that do not go together. */
export const COMBINATIONS: readonly SeededMistake[] = [
  {
    name: 'a table of 100 entries',
    text: 'platform:\n  ir: { kind: vtd, entries: ▸100 }\n',
    code: 'platform/entries',
    says: /100 is not a power of two/,
    offers: 'write 128',
  },
  {
    name: 'compatibility format with x2APIC',
    text: 'platform:\n  apic: x2apic\n  ir: { kind: vtd, compatFormat: ▸pass }\n',
    code: 'platform/compat-x2apic',
    says: /x2APIC/,
    offers: 'write apic: xapic',
  },
  {
    name: 'a stack without a root',
    text: 'domains:\n  nic0: [▸pci-msix]\n',
    code: 'domain/stack',
    says: /the last layer is the root/,
    offers: 'end with vector',
  },
  {
    name: 'a remap layer without a unit',
    text: 'domains:\n  nic0: [pci-msix, ▸remap, vector]\n',
    code: 'domain/stack',
    says: /no remap unit/,
    offers: 'write platform: { ir: vtd }',
  },
  {
    name: 'the layer of another store',
    text: 'domains:\n  nic0: [▸pci-msi, vector]\n',
    code: 'domain/stack',
    says: /store of kind msix/,
    offers: 'begin with pci-msix',
  },
  {
    name: 'a hypercall layer of the host',
    text: 'domains:\n  nic0: [pci-msix, ▸hcall, vector]\n',
    code: 'domain/stack',
    says: /the host has nobody to call/,
    offers: 'use remap, or leave it out',
  },
  {
    name: 'a stack of a device that is not there',
    text: 'domains:\n  ▸nic1: [pci-msix, vector]\n',
    code: 'ref/unknown',
    says: /there is no device 'nic1'/,
    offers: "did you mean 'nic0'?",
  },
  {
    name: 'queue memory that is trapped',
    text: 'devices:\n  q0: { bdf: "00:03.0", store: ims-queue, reach: ▸trapped }\n',
    code: 'device/reach',
    says: /queue memory/,
    offers: 'leave reach out',
  },
  {
    name: 'registers reached as queue memory',
    text: 'devices:\n  q0: { bdf: "00:03.0", store: msix, reach: ▸queue }\n',
    code: 'device/reach',
    says: /only queue memory is reached as queue/,
    offers: 'write trapped or direct',
  },
  {
    name: 'a PCI bridge without an id',
    text: 'platform:\n  bridges: { old: ▸{ kind: pci } }\n',
    code: 'bridge/alias',
    says: /its own requester id/,
    offers: 'add alias',
  },
  {
    name: 'a time where every order is explored',
    text: 'time: { mode: interleave }\nsteps:\n  - raise: nic0.0\n    ▸at: 10us\n',
    code: 'time/at-in-interleave',
    says: /means nothing where every order is explored/,
    offers: 'leave it out',
  },
];

/** Axes, variants and what they expect. */
export const VARIANTS: readonly SeededMistake[] = [
  {
    name: 'a variant without a line',
    text: 'vary:\n  how: [naive, two-step]\nexpect:\n  ▸cells:\n    - { when: { how: naive }, isolated: true }\n',
    code: 'matrix/uncovered-cell',
    says: /\{ how: two-step \}/,
    offers: 'end with a line that has when: {}',
  },
  {
    name: 'unknown axis',
    text: 'vary:\n  how: [naive]\nexpect:\n  cells:\n    - { when: { ▸hwo: naive }, isolated: true }\n',
    code: 'ref/axis',
    says: /there is no axis 'hwo'/,
    offers: "did you mean 'how'?",
  },
  {
    name: 'unknown value of an axis',
    text: 'vary:\n  how: [naive, two-step]\nexpect:\n  cells:\n    - { when: { how: ▸twostep }, isolated: true }\n    - { when: {}, isolated: true }\n',
    code: 'ref/axis-value',
    says: /axis how has no value 'twostep'/,
    offers: "did you mean 'two-step'?",
  },
  {
    name: 'a variable without an axis',
    text: 'steps:\n  - affinity: { irq: nic0.0, cpu: p1, how: ▸$hwo }\nvary:\n  how: [naive]\n',
    code: 'ref/axis',
    says: /there is no axis 'hwo'/,
    offers: "did you mean 'how'?",
  },
  {
    name: 'a wrong value of an axis',
    text: 'steps:\n  - affinity: { irq: nic0.0, cpu: p1, how: $how }\nvary:\n  how: [naive, ▸twostep]\n',
    code: 'schema/value',
    says: /'twostep' is not one of .* \(in how=twostep\)/,
    offers: "did you mean 'two-step'?",
  },
  {
    name: 'nothing left of the variants',
    text: 'vary:\n  how: [naive]\n▸exclude: [{ how: naive }]\n',
    code: 'vary/cells',
    says: /no variant is left/,
    offers: '',
  },
];
