import fc from 'fast-check';
import { OFF_NAMES } from '../../src/scenario/known-names.ts';
import type { ScenarioYaml } from '../../src/scenario/schema.ts';
import type { DeviceYaml, PlatformYaml } from '../../src/scenario/schema-platform.ts';
import { type Cast, DEVICES, SLOTS } from './cast.ts';
import { stepsFor } from './generate-steps.ts';

/*
 * Random small scenarios, as documents of the scenario language: what fails can be saved as a file
 * and run. The cast is always the same, so that steps can be drawn without knowing the machine, and
 * shrinking keeps names valid: CPUs p0 to p2 as far as there are any, guests a and b, devices d0 to
 * d3 with two interrupts each, bridges near and far.
 */

const BRIDGES = ['near', 'far'] as const;

/** Some of the keys, each with a value of its arbitrary. */
const some = <T extends object>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }) =>
  fc.record(model, { requiredKeys: [] });

const cache = fc.constantFrom('never', 'always', 'either');

const vtd = fc.record(
  {
    kind: fc.constant('vtd'),
    profile: fc.constantFrom('spec', 'qemu'),
    enabled: fc.constantFrom(true, true, true, false),
    entries: fc.constantFrom(2, 4, 16),
    sourceValidation: fc.constantFrom('full', 'none'),
    compatFormat: fc.constantFrom('block', 'pass'),
    cache,
    cachesNotPresent: fc.boolean(),
    faultRecords: fc.integer({ min: 1, max: 3 }),
    posting: fc.constantFrom(true, true, false),
    entryWrite: fc.constantFrom('halves', 'whole'),
    unreadable: fc.constantFrom<'table'[]>([], [], [], ['table']),
  } as const,
  { requiredKeys: ['kind'] },
);

const amdvi = fc.record(
  {
    kind: fc.constant('amdvi'),
    profile: fc.constantFrom('spec', 'qemu', 'qemu-9.2'),
    enabled: fc.constantFrom(true, true, true, false),
    table: fc.constantFrom('per-device', 'shared'),
    entries: fc.constantFrom(1, 4, 16),
    entryBits: fc.constantFrom(32, 128),
    xten: fc.boolean(),
    cache,
    eventLog: fc.integer({ min: 1, max: 3 }),
    entryWrite: fc.constantFrom('whole', 'clear-first'),
    pass: fc.subarray(['nmi', 'init', 'extint'] as const),
    intCtl: fc.integer({ min: 0, max: 3 }),
    valid: fc.constantFrom(true, true, false),
    unreadable: fc.constantFrom<('table' | 'device-table')[]>([], [], ['table'], ['device-table']),
  } as const,
  { requiredKeys: ['kind'] },
);

const off = fc.subarray([...OFF_NAMES], { maxLength: 4 });

const platform = fc.record(
  {
    cpus: fc.integer({ min: 1, max: 3 }),
    ir: fc.oneof(fc.constant('none' as const), vtd, vtd, amdvi),
    apic: fc.constantFrom('xapic', 'x2apic'),
    destination: fc.constantFrom('physical', 'physical', 'logical'),
    kernel: fc.constantFrom('linux-6.1', 'linux-6.6'),
    ims: fc.constantFrom('tglx-2020', 'linux-6.2'),
    extendedIds: fc.boolean(),
    off,
  } as const,
  { requiredKeys: ['cpus', 'ir'] },
);

const latency = some({
  bus: fc.constantFrom('0ns', '10ns', '100ns'),
  remap: fc.constantFrom('0ns', '300ns'),
  cpu: fc.constantFrom('0ns', '100ns'),
  write: fc.constantFrom('0ns', '50ns'),
  handler: fc.constantFrom('0ns', '200ns', '2us'),
});

const bridge = fc.record({
  kind: fc.constantFrom('switch', 'pci', 'ntb'),
  alias: fc.constant('01:1e.0'),
  checksSource: fc.boolean(),
  under: fc.constantFrom(undefined, 'far'),
});

const guest = fc.record(
  {
    interrupts: fc.constantFrom('inject', 'posted', 'direct'),
    behaviour: fc.constantFrom('honest', 'adversarial'),
    knowsItIsVm: fc.boolean(),
  } as const,
  { requiredKeys: ['interrupts'] },
);

const device = fc.record(
  {
    store: fc.constantFrom('msi', 'msix', 'ims-device', 'ims-queue', 'ioapic', 'hpet'),
    owner: fc.constantFrom('host', 'a', 'b'),
    reach: fc.constantFrom('trapped', 'direct'),
    maskable: fc.boolean(),
    storeWidth: fc.constantFrom(4, 8, 16),
    checksPasid: fc.boolean(),
    pasid: fc.integer({ min: 0, max: 2 }),
    dmaWrites: fc.boolean(),
    behind: fc.constantFrom(...BRIDGES),
    aliases: fc.subarray(['00:1f.1', '00:1f.2'], { minLength: 1 }),
    sourceCheck: fc.record({
      svt: fc.integer({ min: 0, max: 3 }),
      sq: fc.integer({ min: 0, max: 3 }),
    }),
  } as const,
  { requiredKeys: ['store', 'owner'] },
);

const trap = fc.constantFrom('translate', 'emulate', 'pass', 'refuse');

const hypervisor = some({
  hypercalls: fc.constantFrom(true, true, false),
  errorModel: fc.constantFrom('at-alloc', 'null-message', 'stale-message'),
  unsafeAssignment: fc.constantFrom('refuse', 'warn', 'allow'),
  traps: fc.record({ d0: trap, d1: trap, d2: trap, d3: trap }),
});

const time = fc.oneof(
  fc.constant({ mode: 'timed' } as const),
  fc.record({
    mode: fc.constant('interleave'),
    flight: fc.constantFrom('atomic', 'split'),
    writes: fc.constantFrom('atomic', 'split'),
  } as const),
);

const drawn = fc.record({
  platform,
  latency,
  bridges: fc.record({ near: bridge, far: bridge }),
  guests: fc.record({ a: guest, b: guest }),
  devices: fc.array(device, { minLength: DEVICES.length, maxLength: DEVICES.length }),
  hypervisor,
  time,
  seed: fc.nat(1000),
});
type Drawn = typeof drawn extends fc.Arbitrary<infer T> ? T : never;

/** What was drawn, with what contradicts itself taken out. */
function platformOf({ platform: plain, latency: given, time: { mode } }: Drawn): PlatformYaml {
  const { ir, ...rest } = plain;
  const bad = typeof ir === 'object' && ir.kind === 'vtd' && plain.apic === 'x2apic';
  const sound = bad ? { ...ir, compatFormat: 'block' as const } : ir;
  return { ...rest, ir: sound, ...(mode === 'timed' && { latency: given }) };
}

/** How a guest gets its interrupts: a CPU of its own only where enough are left. */
function interruptsOf({ platform: { cpus, ir }, guests }: Drawn, name: 'a' | 'b') {
  const { interrupts } = guests[name];
  if (interrupts === 'direct' && (cpus < 3 || name === 'b')) return 'inject';
  const posts = typeof ir === 'object' && ir.kind === 'vtd' && ir.posting !== false;
  return interrupts === 'posted' && !posts ? 'inject' : interrupts;
}

function deviceOf({ guests: _, ...draw }: Drawn, index: number): DeviceYaml {
  const { owner, store, reach, ...rest } = draw.devices[index];
  const own = store === 'ioapic' || store === 'hpet' ? 'host' : owner;
  return {
    ...rest,
    bdf: `00:0${index + 3}.0`,
    store,
    vectors: SLOTS,
    ...(own !== 'host' && { owner: own }),
    ...(store !== 'ims-queue' && reach && { reach }),
  };
}

/** The document without its steps. */
function machineOf(draw: Drawn): ScenarioYaml {
  const { cpus } = draw.platform;
  const on = (n: number): string => `p${n % cpus}`;
  const { near, far } = draw.bridges;
  return {
    irqscope: 1,
    name: 'generated',
    title: 'generated',
    seed: draw.seed,
    platform: { ...platformOf(draw), bridges: { near, far: { ...far, under: undefined } } },
    guests: {
      a: { ...draw.guests.a, interrupts: interruptsOf(draw, 'a'), vcpus: { v0: on(1) } },
      b: { ...draw.guests.b, interrupts: interruptsOf(draw, 'b'), vcpus: { v0: on(2), v1: on(0) } },
    },
    devices: Object.fromEntries(DEVICES.map((name, index) => [name, deviceOf(draw, index)])),
    hypervisor: draw.hypervisor,
    time: draw.time,
  };
}

function castOf({ platform: p = {}, guests = {}, devices, time: t }: ScenarioYaml): Cast {
  const physical = ['p0', 'p1', 'p2'].slice(0, typeof p.cpus === 'number' ? p.cpus : 0);
  const taken = guests.a.interrupts === 'direct' ? 'p1' : '';
  return {
    timed: t?.mode === 'timed',
    vtd: typeof p.ir === 'object' && p.ir.kind === 'vtd',
    amdvi: typeof p.ir === 'object' && p.ir.kind === 'amdvi',
    entryWords: typeof p.ir === 'object' && 'entryBits' in p.ir && p.ir.entryBits === 32 ? 1 : 4,
    physical,
    cpus: {
      host: physical.filter(name => name !== taken),
      a: ['a/v0'],
      b: ['b/v0', 'b/v1'],
    },
    owners: Object.fromEntries(DEVICES.map(name => [name, devices[name].owner ?? 'host'])),
  };
}

/** Scenarios of every kind of machine, with up to `stepsMax` steps of every kind. */
export const scenarios = (stepsMax: number): fc.Arbitrary<ScenarioYaml> =>
  fc.tuple(drawn, stepsFor(stepsMax)).map(([draw, steps]) => {
    const machine = machineOf(draw);
    return { ...machine, steps: steps(castOf(machine)) };
  });
