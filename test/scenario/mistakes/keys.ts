import { DEVICES, type SeededMistake } from './seeded.ts';

/** A hostile guest with a device, up to its steps. */
const ATTACKER = `guests:
  g1: { vcpus: { v0: p1 }, behaviour: adversarial }
devices:
  q1: { bdf: "3b:00.0", store: ims-queue, owner: g1 }
steps:
`;

/** Keys nobody knows. */
export const UNKNOWN_KEYS: readonly SeededMistake[] = [
  {
    name: 'unknown section',
    text: '▸platfrom: { preset: x86-vtd }\n',
    code: 'schema/unknown-key',
    says: /'platfrom'/,
    offers: "did you mean 'platform'?",
  },
  {
    name: 'unknown key of the remap unit',
    text: 'platform:\n  ir: { kind: vtd, ▸sourceValidaton: full }\n',
    code: 'schema/unknown-key',
    says: /'sourceValidaton' is not known in platform\.ir/,
    offers: "did you mean 'sourceValidation'?",
  },
  {
    name: 'key of the other unit',
    text: 'platform:\n  ir: { kind: amdvi, ▸sourceValidation: full }\n',
    code: 'schema/unknown-key',
    says: /'sourceValidation' is not known in platform\.ir/,
    offers: 'known here: kind, profile, enabled, table',
  },
  {
    name: 'unknown key of a device',
    text: 'devices:\n  nic0: { bdf: "00:03.0", store: msi, ▸vector: 2 }\n',
    code: 'schema/unknown-key',
    says: /'vector'/,
    offers: "did you mean 'vectors'?",
  },
  {
    name: 'unknown key of a guest',
    text: 'guests:\n  g1: { vcpus: { v0: p1 }, ▸behavior: honest }\n',
    code: 'schema/unknown-key',
    says: /'behavior'/,
    offers: "did you mean 'behaviour'?",
  },
  {
    name: 'unknown key of a verb',
    text: 'steps:\n  - allocate: { irq: nic0.0, ▸irte: 3 }\n',
    code: 'schema/unknown-key',
    says: /'irte' is not known in steps\[0\]\.allocate/,
    offers: "did you mean 'entry'?",
  },
  {
    name: 'unknown modifier of a step',
    text: 'steps:\n  - raise: nic0.0\n    ▸lable: first\n',
    code: 'schema/unknown-key',
    says: /'lable'/,
    offers: "did you mean 'label'?",
  },
  {
    name: 'unknown key of an assertion',
    text: 'expect:\n  always:\n    - delivered: { irq: nic0.0, ▸cuont: 1 }\n',
    code: 'schema/unknown-key',
    says: /'cuont'/,
    offers: "did you mean 'count'?",
  },
  {
    name: 'unknown key in a patch of an axis',
    text: 'vary:\n  remap:\n    none: {}\n    vtd: { platform: { ▸irr: vtd } }\n',
    code: 'schema/unknown-key',
    says: /'irr' is not known in platform/,
    offers: "did you mean 'ir'?",
  },
  {
    name: 'misspelt verb',
    text: 'steps:\n  - ▸alocate: { irq: nic0.0, cpu: p0 }\n',
    code: 'schema/unknown-key',
    says: /'alocate'/,
    offers: "did you mean 'allocate'?",
  },
  {
    name: 'verb of another tool',
    text: 'steps:\n  - ▸trigger: nic0.0\n',
    code: 'schema/unknown-key',
    says: /'trigger'/,
    offers: "did you mean 'raise'?",
  },
  {
    name: 'misspelt assertion',
    text: 'expect:\n  always:\n    - ▸delivred: { irq: nic0.0 }\n',
    code: 'schema/unknown-key',
    says: /'delivred'/,
    offers: "did you mean 'delivered'?",
  },
  {
    name: 'misspelt discriminator',
    text: 'platform:\n  ir: { ▸knid: vtd }\n',
    code: 'schema/unknown-key',
    says: /'knid'/,
    offers: "did you mean 'kind'?",
  },
];

/** What is not there, and what is there twice. */
export const MISSING: readonly SeededMistake[] = [
  {
    name: 'a device without its bus address',
    text: 'devices:\n  ▸nic0: { store: msi }\n',
    code: 'schema/missing',
    says: /devices\.nic0 needs 'bdf'/,
    offers: '',
  },
  {
    name: 'no devices',
    text: '=▸irqscope: 1\nname: seeded\ntitle: x\n',
    code: 'schema/missing',
    says: /needs 'devices'/,
    offers: '',
  },
  {
    name: 'an empty section of devices',
    text: 'devices: ▸{}\n',
    code: 'schema/value',
    says: /expected at least one device/,
    offers: '',
  },
  {
    name: 'no version',
    text: `=▸name: seeded\ntitle: x\n${DEVICES}`,
    code: 'schema/missing',
    says: /needs 'irqscope'/,
    offers: 'begin with: irqscope: 1',
  },
  {
    name: 'a move without its CPU',
    text: 'steps:\n  - ▸affinity: { irq: nic0.0 }\n',
    code: 'schema/missing',
    says: /steps\[0\]\.affinity needs 'cpu'/,
    offers: '',
  },
  {
    name: 'a step without a verb',
    text: 'steps:\n  - ▸label: nothing\n',
    code: 'step/verb',
    says: /one verb, found none/,
    offers: 'verbs: allocate',
  },
  {
    name: 'a step with two verbs',
    text: 'steps:\n  - store: nic0.0\n    ▸raise: nic0.0\n',
    code: 'step/verb',
    says: /found store and raise/,
    offers: 'make it two steps',
  },
  {
    name: 'an expectation of two kinds',
    text: 'expect:\n  never:\n    - lost: nic0.0\n      ▸works: nic0.0\n',
    code: 'expect/kind',
    says: /found lost and works/,
    offers: 'make it two lines',
  },
  {
    name: 'an empty expectation',
    text: 'expect:\n  never:\n    - ▸{}\n',
    code: 'expect/kind',
    says: /found none/,
    offers: 'known: delivered',
  },
  {
    name: 'an attack without its interrupt',
    text: 'steps:\n  - attack: ▸{ kind: replay }\n',
    code: 'step/missing',
    says: /replay needs irq/,
    offers: 'add irq: nic0.0',
  },
  {
    name: 'a spoof without the id it uses',
    text: `${ATTACKER}  - attack: ▸{ kind: spoof, device: q1, message: any }\n`,
    code: 'step/missing',
    says: /spoof needs as/,
    offers: 'add as: "00:04.0"',
  },
  {
    name: 'a storm that is counted',
    text: `${ATTACKER}  - attack: { kind: storm, irq: q1.0, ▸count: 9 }\n`,
    code: 'schema/unknown-key',
    says: /'count' is not known/,
    offers: "did you mean 'times'?",
  },
  {
    name: 'a storm with a message',
    text: `${ATTACKER}  - attack: { kind: storm, irq: q1.0, ▸message: any }\n`,
    code: 'step/key',
    says: /storm takes irq and times, not message/,
    offers: 'leave it out',
  },
  {
    name: 'a hypercall that is given a place it has no use for',
    text: `${ATTACKER}  - hypercall: { call: compose, irq: q1.0, ▸cpu: v0 }\n    by: g1\n`,
    code: 'step/key',
    says: /compose takes irq and for, not cpu/,
    offers: 'leave it out',
  },
  {
    name: 'a retarget that says nowhere',
    text: `${ATTACKER}  - hypercall: ▸{ call: retarget, irq: q1.0 }\n    by: g1\n`,
    code: 'step/missing',
    says: /retarget needs cpu and vector/,
    offers: 'add cpu: v0, vector: 0x30',
  },
];
