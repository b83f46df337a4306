import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createChoices } from '../../src/engine/choice.ts';
import { type RunView, runOnce } from '../../src/runner/run-view.ts';
import type { Scenario } from '../../src/scenario/compile.ts';
import { loadScenario } from '../../src/scenario/load.ts';

/** A scenario and one run of it. */
export interface Scene {
  readonly scenario: Scenario;
  readonly view: RunView;
}

/** Loads a text and runs its variants once each, with the first answer to every choice. */
export function scenesOf(text: string, file = 'scene.yaml'): Scene[] {
  const { scenarios, problems } = loadScenario(file, text, () => null);
  if (problems.length > 0) throw new Error(JSON.stringify(problems, null, 2));
  return scenarios.map(scenario => ({
    scenario,
    view: runOnce(scenario.machine, scenario.program, {
      ...createChoices(),
      seed: scenario.seed,
    }),
  }));
}

const TEACHING = join(import.meta.dirname, '..', '..', 'scenarios', 'teaching');

/** Every scenario shipped for teaching, by file name, that stands on its own. */
export const teachingScenes = (): [string, Scene[]][] =>
  readdirSync(TEACHING)
    .filter(name => name.endsWith('.yaml'))
    .map((name): [string, string] => [name, readFileSync(join(TEACHING, name), 'utf8')])
    .filter(([, text]) => !/^extends:/m.test(text))
    .map(([name, text]) => [name, scenesOf(text, name)]);

/** A guest whose store is trapped: MSI-X behind VT-d. */
export const TRAP = `
irqscope: 1
name: guest-trap
title: a trapped store
platform: { preset: x86-vtd, cpus: 3 }
guests:
  g1: { vcpus: { v0: p1 } }
devices:
  nic0: { bdf: "3b:00.0", store: msix, vectors: 2, owner: g1 }
steps:
  - allocate: { irq: nic0.1, cpu: v0 }
  - store: nic0.1
  - raise: nic0.1
    at: 5us
  - free: nic0.1
    at: 10us
`;

/** Two guests whose messages lie in memory of theirs; one writes the other's handle. */
export const HCALL = `
irqscope: 1
name: guest-hcall
title: queue memory with hypercalls
platform: { preset: x86-vtd, cpus: 3 }
guests:
  g1: { vcpus: { v0: p1 }, interrupts: posted, behaviour: adversarial }
  g2: { vcpus: { v0: p2 }, interrupts: posted }
devices:
  q1: { bdf: "3b:00.1", store: ims-queue, owner: g1 }
  q2: { bdf: "3b:00.2", store: ims-queue, owner: g2 }
steps:
  - allocate: { irq: q1.0, cpu: v0 }
  - allocate: { irq: q2.0, cpu: v0 }
  - store: q1.0
  - store: q2.0
  - raise: q1.0
  - attack: { kind: forge-store, irq: q1.0, message: { format: remappable, handle: 1 } }
  - raise: q1.0
    label: forged
`;

/** The same attack where entries are written without a source check. */
export const LEAK = HCALL.replace(
  'platform: { preset: x86-vtd, cpus: 3 }',
  'platform: { preset: x86-vtd, cpus: 3, ir: { kind: vtd, sourceValidation: none } }',
);

/** Raised before anything is switched on, and then masked to the end. */
export const NOTHING = `
irqscope: 1
name: nothing
title: raised while nothing is enabled
platform: { preset: x86-bare, cpus: 2 }
devices:
  nic0: { bdf: "00:03.0", store: msix, vectors: 2 }
steps:
  - allocate: { irq: nic0.0, cpu: p0 }
  - raise: nic0.0
  - store: nic0.0
  - mask: nic0.0
  - raise: nic0.0
    label: held
`;

/** Raised while the machine is suspended, when it had been on before, and then masked to the end. */
export const LOST = `
irqscope: 1
name: lost
title: raised while the machine is suspended
platform: { preset: x86-bare, cpus: 2 }
devices:
  nic0: { bdf: "00:03.0", store: msix, vectors: 2 }
steps:
  - allocate: { irq: nic0.0, cpu: p0 }
  - store: nic0.0
  - power: suspend
  - raise: nic0.0
  - power: resume
  - mask: nic0.0
  - raise: nic0.0
    label: held
`;
