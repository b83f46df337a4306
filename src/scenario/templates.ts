/** A scenario to begin with. */
export interface Template {
  readonly name: string;
  /** What it shows, in one line. */
  readonly about: string;
  /** All but the first lines: version and name. */
  readonly body: string;
}

/** A template as a file. `schema` is the path of the JSON Schema as the file names it, if any. */
export function templateText(
  template: Template,
  file: { readonly name: string; readonly schema: string },
): string {
  const modeline = file.schema ? `# yaml-language-server: $schema=${file.schema}\n` : '';
  return `${modeline}irqscope: 1\nname: ${file.name}\n${template.body}`;
}

const basic = `title: "A device sends an MSI: nothing is in the way"

platform:
  preset: x86-bare # 2 CPUs (p0, p1), no remap unit

devices:
  nic0: { bdf: "00:03.0", store: msi }

steps:
  # The Vector domain takes a vector, the Bus domain stores the message, the device uses it.
  - allocate: { irq: nic0.0, cpu: p0 }
  - store: nic0.0
  - raise: nic0.0
    at: 10us

expect:
  isolated: true
  works: true
  always:
    - delivered: { irq: nic0.0, to: p0, count: 1, within: 2us }
`;

const vtd = `title: "VT-d: the message names a table entry, and the entry names its sender"

platform:
  preset: x86-vtd

devices:
  nic0: { bdf: "00:03.0", store: msix, vectors: 4 }

steps:
  - allocate: { irq: nic0.0, cpu: p1, entry: 3 }
  - compose: nic0.0
    expect: { format: remappable, handle: 3 }
  - store: nic0.0
  - raise: nic0.0
    at: 10us
  # Another function of the bus names the same entry: the requester id is wrong.
  - raise: { device: nic0, as: "00:04.0", message: { format: remappable, handle: 3 } }
    at: 20us
    label: spoof
  # The device sends the format of a machine without remapping.
  - raise: { device: nic0, message: { format: compat, dest: 0, vector: 0x30 } }
    at: 30us
    label: compat

expect:
  isolated: true
  works: true
  always:
    - delivered: { irq: nic0.0, to: p1, count: 1 }
    - fault: { step: spoof, reason: vtd/0x26 }
    - fault: { step: compat, reason: vtd/0x25 }
    - state: { of: "ir.irte[3]", is: { present: true, svt: 1, sid: "00:03.0" } }
`;

const amdvi = `title: "AMD-Vi: each requester id has its own table, or all share one"

platform:
  preset: x86-amdvi

devices:
  nic0: { bdf: "00:03.0", store: msix, vectors: 4 }

steps:
  - allocate: { irq: nic0.0, cpu: p1 }
  - store: nic0.0
  - raise: nic0.0
    at: 10us
  # An index nobody allocated.
  - raise: { device: nic0, message: { format: index, index: 9 } }
    at: 20us
    label: unknown

expect:
  isolated: true
  works: true
  always:
    - delivered: { irq: nic0.0, to: p1, count: 1 }
    - fault: { step: unknown, reason: irte-remap-disabled }
`;

const guest = `title: "A device is given to a guest: its store accesses trap, the hypervisor translates"

platform:
  preset: x86-vtd

guests:
  g1: { vcpus: { v0: p1 } }

devices:
  nic0: { bdf: "3b:00.0", store: msix, vectors: 4, owner: g1, reach: trapped }

steps:
  # The guest's own layers: it knows its virtual CPUs and its own vectors only.
  - allocate: { irq: nic0.0, cpu: v0, vector: 0x30 }
  - store: nic0.0
  - raise: nic0.0
    at: 5us

expect:
  isolated: true
  works: true
  always:
    - delivered: { irq: nic0.0, to: g1/v0, vector: 0x30, count: 1 }
`;

const hypercall = `title: "Messages in queue memory: the guest asks the hypervisor for them"

platform:
  preset: x86-vtd

guests:
  g1: { vcpus: { v0: p1 } }

devices:
  # Nobody sees what a driver writes into queue memory.
  q1: { bdf: "3b:00.1", store: ims-queue, owner: g1 }

domains:
  g1/q1: [ims, hcall, vector]

steps:
  - allocate: { irq: q1.0, cpu: v0 }
  - store: q1.0
  - raise: q1.0
    at: 5us

expect:
  isolated: true
  works: true
  always:
    - delivered: { irq: q1.0, to: g1/v0, count: 1 }
`;

const attack = `title: "A guest forges a message: the remap unit stops it, or it does not"

platform:
  preset: x86-bare
  cpus: 3

guests:
  g1: { vcpus: { v0: p1 }, behaviour: adversarial }
  g2: { vcpus: { v0: p2 } }

devices:
  q1: { bdf: "3b:00.1", store: ims-queue, owner: g1 }
  q2: { bdf: "3b:00.2", store: ims-queue, owner: g2 }

steps:
  - allocate: { irq: q2.0, cpu: v0 }
  - store: q2.0
  - allocate: { irq: q1.0, cpu: v0 }
  - store: q1.0
  # The guest writes into its own queue what it likes: vector 0x80 for the host's CPU.
  - attack: { kind: forge-store, irq: q1.0, message: { format: compat, dest: 0, vector: 0x80 } }
  - raise: q1.0
    label: forged

vary:
  remap:
    none: {}
    vtd: { platform: { ir: vtd } }

expect:
  cells:
    - when: { remap: none }
      isolated: false
      sometimes:
        - violation: { rule: mode/exception-vector, step: forged, source: q1, target: p0 }
    - when: { remap: vtd }
      isolated: true
      always:
        - fault: { step: forged, reason: vtd/0x25 }
`;

const race = `title: "An interrupt moves to another CPU while its device raises: every order is tried"

platform:
  preset: x86-bare

devices:
  nic0: { bdf: "00:03.0", store: msi } # address and data are two writes, and there is no mask
  other: { bdf: "00:04.0", store: msi } # has on p1 the vector that nic0 has on p0

time: { mode: interleave } # no times: every order of the threads is tried

steps:
  - allocate: { irq: nic0.0, cpu: p0 }
  - store: nic0.0
  - allocate: { irq: other.0, cpu: p1 }
  - store: other.0
  - race:
      mover:
        - affinity: { irq: nic0.0, cpu: p1, how: $how }
      device:
        - raise: nic0.0

vary:
  how: [naive, two-step] # $how above takes each value in turn

expect:
  cells:
    # The new CPU with the old vector: that is the other device's.
    - when: { how: naive }
      works: false
      sometimes:
        - violation: integrity/torn-message
        - lost: nic0.0
    - when: { how: two-step }
      works: true
      never:
        - violation: integrity/torn-message
        - lost: nic0.0
`;

const matrix = `title: "One script in every combination of designs, and what comes of each"

platform:
  preset: x86-bare
  cpus: 3

guests:
  g1: { vcpus: { v0: p1 }, behaviour: adversarial }
  g2: { vcpus: { v0: p2 } }

devices:
  q1: { bdf: "3b:00.1", store: ims-queue, owner: g1 }
  q2: { bdf: "3b:00.2", store: ims-queue, owner: g2 }

steps:
  - allocate: { irq: q2.0, cpu: v0 }
  - store: q2.0
  - allocate: { irq: q1.0, cpu: v0 }
  - store: q1.0
  # g1 names the table entry that g2 was given.
  - attack: { kind: forge-store, irq: q1.0, message: { format: remappable, handle: 0 } }
  - raise: q1.0
    label: forged

# An axis is a list of values, or names with what each changes.
vary:
  check:
    full: { platform: { ir: { kind: vtd, sourceValidation: full } } }
    none: { platform: { ir: { kind: vtd, sourceValidation: none } } }
  rid:
    own: {}
    shared: { devices: { q1: { pasid: 1 }, q2: { bdf: "3b:00.1", pasid: 2 } } }

expect:
  # The first line that matches a variant applies; every variant needs one.
  cells:
    - when: { check: full, rid: own }
      isolated: true
      always:
        - fault: { step: forged, reason: vtd/0x26 }
    - when: { rid: shared }
      isolated: false
      violation: isolation/shared-requester
    - when: {}
      isolated: false
      violation: isolation/foreign-entry
`;

/** All templates, the simplest first. */
export const TEMPLATES: readonly Template[] = [
  { name: 'basic', about: 'a device sends an MSI to a CPU', body: basic },
  { name: 'vtd', about: 'Intel interrupt remapping, and what it refuses', body: vtd },
  { name: 'amdvi', about: 'AMD interrupt remapping', body: amdvi },
  { name: 'guest', about: 'a device given to a guest, accesses trapped', body: guest },
  {
    name: 'hypercall',
    about: 'messages in queue memory, composed by the hypervisor',
    body: hypercall,
  },
  { name: 'attack', about: 'a guest forges a message, with and without remapping', body: attack },
  { name: 'race', about: 'two threads, every order of their writes', body: race },
  { name: 'matrix', about: 'variants of a design, and the verdict of each', body: matrix },
];
