import type {
  AmdPlan,
  BridgeSpec,
  CpuSpec,
  Latency,
  RealmSpec,
  RemapPlan,
  VtdPlan,
} from '../model/machine.ts';
import { parseRequester } from '../model/requester.ts';
import { OFF_NAMES } from './known-names.ts';
import { doubtful, fail, type Linker, refer } from './linker.ts';
import { suggest } from './problem.ts';
import type { ScenarioYaml } from './schema.ts';
import type { PlatformYaml } from './schema-platform.ts';
import { parseTime } from './values.ts';

const PRESETS = { 'x86-bare': 'none', 'x86-vtd': 'vtd', 'x86-amdvi': 'amdvi' } as const;
const DEFAULT_CPUS = 2;
/** Hops of the reference workload, and instant software. */
const DEFAULT_LATENCY: Latency = {
  busNs: 100,
  remapNs: 300,
  cpuNs: 100,
  writeNs: 0,
  commandNs: 0,
  handlerNs: 0,
};

const modeOf = (yaml: ScenarioYaml): CpuSpec['mode'] => yaml.platform?.apic ?? 'xapic';

/** Physical CPUs by name and APIC id. */
export function physicalCpus(yaml: ScenarioYaml): CpuSpec[] {
  const cpus = yaml.platform?.cpus ?? DEFAULT_CPUS;
  const mode = modeOf(yaml);
  const spec = (name: string, apicId: number): CpuSpec => ({
    name,
    realm: 0,
    apicId,
    mode,
    runsOn: -1,
  });
  if (typeof cpus === 'number') return Array.from({ length: cpus }, (_, i) => spec(`p${i}`, i));
  return Object.entries(cpus).map(([name, { apic }]) => spec(name, apic));
}

/** The host and every guest, with the CPUs of all of them in one list. */
export function realmsAndCpus(
  linker: Linker,
  yaml: ScenarioYaml,
): { realms: RealmSpec[]; cpus: CpuSpec[] } {
  const cpus = physicalCpus(yaml);
  const physical = cpus.map(cpu => cpu.name);
  const guests = Object.entries(yaml.guests ?? {});
  const realms: RealmSpec[] = [];
  const dedicated = new Set<number>();
  for (const [index, [guest, spec]] of guests.entries()) {
    const own: number[] = [];
    for (const [position, [name, vcpu]] of Object.entries(spec.vcpus).entries()) {
      const on = typeof vcpu === 'string' ? vcpu : vcpu.on;
      const path = ['guests', guest, 'vcpus', name, ...(typeof vcpu === 'string' ? [] : ['on'])];
      const runsOn = refer(linker, path, { kind: 'CPU', name: on, known: physical });
      const direct = spec.interrupts === 'direct';
      if (direct && physical.includes(on)) dedicated.add(runsOn);
      const apic = typeof vcpu === 'string' ? undefined : vcpu.apic;
      own.push(cpus.length);
      cpus.push({
        name: `${guest}/${name}`,
        realm: index + 1,
        apicId: apic ?? (direct ? cpus[runsOn].apicId : position),
        mode: modeOf(yaml),
        runsOn,
      });
    }
    realms.push({
      name: guest,
      kind: 'guest',
      behaviour: spec.behaviour ?? 'honest',
      knowsItIsVm: spec.knowsItIsVm ?? true,
      interrupts: spec.interrupts ?? 'inject',
      viommu: spec.viommu ? EMULATED_UNIT : null,
      cpus: own,
    });
  }
  const hostCpus = physical.map((_, i) => i).filter(i => !dedicated.has(i));
  if (hostCpus.length === 0 && !doubtful(linker, 'CPU'))
    fail(
      linker,
      ['guests'],
      'cpu/none-left',
      'no CPU is left for the host',
      'add one under platform.cpus',
    );
  return { realms: [{ ...HOST_REALM, cpus: hostCpus }, ...realms], cpus };
}

const HOST_REALM = {
  name: 'host',
  kind: 'host',
  behaviour: 'honest',
  knowsItIsVm: false,
  interrupts: 'inject',
  viommu: null,
} as const;

/** The unit a hypervisor emulates for a guest: it has caching mode, and posts nothing. [QEMU] */
const EMULATED_UNIT: VtdPlan = {
  kind: 'vtd',
  profile: 'qemu',
  enabled: true,
  entries: 256,
  eime: false,
  compatFormat: 'pass',
  sourceValidation: 'full',
  cache: 'never',
  cachesNotPresent: true,
  faultRecords: 8,
  posting: false,
  entryWrite: 'whole',
  unreadable: [],
};

/** Bridges by name; a device's list goes from its own bridge upwards. */
export function bridgesOf(linker: Linker, yaml: ScenarioYaml): BridgeSpec[] {
  return Object.entries(yaml.platform?.bridges ?? {}).map(([name, bridge]) => {
    if (bridge.kind === 'pci' && !bridge.alias)
      fail(
        linker,
        ['platform', 'bridges', name],
        'bridge/alias',
        'a pci bridge puts its own requester id on what passes',
        'add alias: "02:00.0"',
      );
    return {
      name,
      kind: bridge.kind,
      alias: parseRequester(bridge.alias ?? '') ?? 0,
      checksSource: bridge.checksSource ?? false,
      buses: bridge.buses ?? [0, 255],
    };
  });
}

/** Indices of the bridges above a device, its own first. */
export function bridgePath(linker: Linker, yaml: ScenarioYaml, device: string): number[] {
  const names = Object.keys(yaml.platform?.bridges ?? {});
  const path: number[] = [];
  let place = ['devices', device, 'behind'];
  let next = yaml.devices[device].behind;
  while (next) {
    const index = refer(linker, place, { kind: 'bridge', name: next, known: names });
    if (path.includes(index) || !names.includes(next)) break;
    path.push(index);
    place = ['platform', 'bridges', next, 'under'];
    next = yaml.platform?.bridges?.[next]?.under;
  }
  return path;
}

const isPowerOfTwo = (n: number): boolean => Number.isInteger(Math.log2(n));

function checkEntries(linker: Linker, entries: number, least: number): void {
  if (isPowerOfTwo(entries) && entries >= least) return;
  fail(
    linker,
    ['platform', 'ir', 'entries'],
    'platform/entries',
    `${entries} is not a power of two from ${least}`,
    `write ${2 ** Math.max(Math.ceil(Math.log2(entries)), Math.log2(least))}`,
  );
}

/** The remap unit and how software sets it up. */
export function remapPlan(linker: Linker, yaml: ScenarioYaml): RemapPlan {
  const platform = yaml.platform ?? {};
  const given = platform.ir ?? PRESETS[platform.preset ?? 'x86-bare'];
  if (given === 'none') return { kind: 'none' };
  if (given === 'vtd') return vtdPlan(linker, platform, { kind: 'vtd' });
  if (given === 'amdvi') return amdPlan(linker, platform, { kind: 'amdvi' });
  return given.kind === 'vtd' ? vtdPlan(linker, platform, given) : amdPlan(linker, platform, given);
}

type IrYaml<K extends string> = Extract<
  Exclude<NonNullable<PlatformYaml['ir']>, string>,
  { kind: K }
>;

function vtdPlan(linker: Linker, platform: PlatformYaml, ir: IrYaml<'vtd'>): VtdPlan {
  const eime = platform.apic === 'x2apic';
  const entries = ir.entries ?? 256;
  checkEntries(linker, entries, 2);
  if (eime && ir.compatFormat === 'pass')
    fail(
      linker,
      ['platform', 'ir', 'compatFormat'],
      'platform/compat-x2apic',
      'with x2APIC the unit blocks compatibility format whatever software asks (EIME=1)',
      'write apic: xapic',
    );
  return {
    kind: 'vtd',
    profile: ir.profile ?? 'spec',
    enabled: ir.enabled ?? true,
    entries,
    eime,
    compatFormat: ir.compatFormat ?? 'block',
    sourceValidation: ir.sourceValidation ?? 'full',
    cache: ir.cache ?? 'never',
    cachesNotPresent: ir.cachesNotPresent ?? false,
    faultRecords: ir.faultRecords ?? 8,
    posting: ir.posting ?? true,
    entryWrite: ir.entryWrite ?? 'halves',
    unreadable: ir.unreadable ?? [],
  };
}

function amdPlan(linker: Linker, platform: PlatformYaml, ir: IrYaml<'amdvi'>): AmdPlan {
  const entries = ir.entries ?? 512;
  checkEntries(linker, entries, 1);
  return {
    kind: 'amdvi',
    profile: ir.profile ?? 'spec',
    enabled: ir.enabled ?? true,
    table: ir.table ?? 'per-device',
    entries,
    entryBits: ir.entryBits ?? 128,
    xten: ir.xten ?? platform.apic === 'x2apic',
    cache: ir.cache ?? 'never',
    eventLogSize: ir.eventLog ?? 8,
    entryWrite: ir.entryWrite ?? 'whole',
    pass: ir.pass ?? [],
    intCtl: ir.intCtl ?? 2,
    intValid: ir.valid ?? true,
    unreadable: ir.unreadable ?? [],
  };
}

/** Checks and guards that are switched off, names verified. */
export function offList(linker: Linker, yaml: ScenarioYaml): string[] {
  const off = yaml.platform?.off ?? [];
  off.forEach((rule, i) => {
    if (OFF_NAMES.includes(rule)) return;
    const path = ['platform', 'off', i];
    fail(linker, path, 'ref/check', `there is no check '${rule}'`, suggest(rule, OFF_NAMES));
  });
  return off;
}

/** Latencies in nanoseconds; where every order is explored nothing takes time. */
export function latencyOf(yaml: ScenarioYaml): Latency {
  const given = yaml.platform?.latency ?? {};
  const ns = (text: string | undefined, fallback: number): number =>
    yaml.time?.mode === 'interleave' ? 0 : (parseTime(text ?? '') ?? fallback);
  return {
    busNs: ns(given.bus, DEFAULT_LATENCY.busNs),
    remapNs: ns(given.remap, DEFAULT_LATENCY.remapNs),
    cpuNs: ns(given.cpu, DEFAULT_LATENCY.cpuNs),
    writeNs: ns(given.write, DEFAULT_LATENCY.writeNs),
    commandNs: ns(given.command, DEFAULT_LATENCY.commandNs),
    handlerNs: ns(given.handler, DEFAULT_LATENCY.handlerNs),
  };
}
