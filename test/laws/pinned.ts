import type { ScenarioYaml } from '../../src/scenario/schema.ts';

/** Generated scenarios that once broke a law, and what was wrong. */
export const PINNED: readonly ScenarioYaml[] = [
  // A message of zeros was told from others by identity, which copies do not keep.
  {
    irqscope: 1,
    name: 'null-message',
    title: 'a failed hypercall that gives a message of zeros, which the guest stores',
    platform: { ir: { kind: 'vtd', entries: 2 } },
    guests: { b: { vcpus: { v0: 'p0' } } },
    devices: {
      d0: { bdf: '00:03.0', store: 'msix', vectors: 2 },
      d3: { bdf: '00:06.0', store: 'msi', owner: 'b', reach: 'direct' },
    },
    hypervisor: { errorModel: 'stale-message' },
    time: { mode: 'interleave', flight: 'atomic', writes: 'atomic' },
    steps: [
      { allocate: { irq: 'd0.0', count: 2 } },
      { allocate: 'd3.0' },
      { store: 'd3.0' },
      { raise: 'd3.0' },
    ],
  },
];
