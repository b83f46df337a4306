import type { ScenarioDocument } from '../../src/scenario/write-scenario.ts';

/** How large the model of P6 is. */
export interface ModelSize {
  /** Guests beside the attacker, 1 to 5. */
  readonly victims: number;
  /** Entries of the remap table: 2, 4 or 8. */
  readonly entries: number;
}

const ATTACKER_CPU = 1;

/**
 * The open question at any size, as the text of a scenario: VT-d with source validation, an
 * attacker that writes its message store directly and victims with theirs in queue memory, all of
 * which ask the hypervisor for what to write. Every guest has a CPU to itself. The same as
 * test/spin/open-question.pml with these VICTIMS and ENTRIES.
 */
export function exploreModel({ victims, entries }: ModelSize): string {
  const cpus = Array.from({ length: victims + 2 }, (_, apic) => [`p${apic}`, { apic }] as const);
  const names = Array.from({ length: victims }, (_, index) => `victim${index + 1}`);
  const guest = (cpu: number) => ({ vcpus: { v0: `p${cpu}` }, interrupts: 'direct' }) as const;
  const document: ScenarioDocument = {
    irqscope: 1,
    name: `explore-${victims}-${entries}`,
    title: `The open question with ${victims} victims and ${entries} table entries`,
    platform: {
      preset: 'x86-bare',
      cpus: Object.fromEntries(cpus),
      ir: { kind: 'vtd', entries, entryWrite: 'whole' },
    },
    guests: {
      attacker: { ...guest(ATTACKER_CPU), behaviour: 'adversarial' },
      ...Object.fromEntries(names.map((name, index) => [name, guest(ATTACKER_CPU + 1 + index)])),
    },
    devices: {
      disk: { bdf: '00:1f.2', store: 'msi' },
      dut: { bdf: '3b:00.1', store: 'ims-device', reach: 'direct', owner: 'attacker' },
      ...Object.fromEntries(
        names.map((owner, index) => [
          `${owner}-dev`,
          { bdf: `3b:00.${index + 2}`, store: 'ims-queue', owner },
        ]),
      ),
    },
    domains: { 'attacker/dut': ['ims', 'hcall', 'vector'] },
    steps: [{ allocate: { irq: 'disk.0', cpu: 'p0' } }, { store: 'disk.0' }],
    explore: {
      actors: {
        ...Object.fromEntries(names.map(name => [name, { may: ['use', 'free', 'raise'] }])),
        attacker: { may: ['use', 'free', 'forge', 'replay', 'raise'] },
      },
    },
  };
  return JSON.stringify(document, null, 2);
}
