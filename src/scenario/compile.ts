import { DELIVERY_MODES } from '../arch/message.ts';
import {
  type HypervisorSpec,
  type Machine,
  NONE,
  type PolicySpec,
  type TrapAction,
} from '../model/machine.ts';
import type { Program, Source } from '../model/program.ts';
import { devicesOf, domainsOf, irqsOf, withIntx } from './compile-devices.ts';
import { compileExpect, type Expectations } from './compile-expect.ts';
import { compileLesson } from './compile-lesson.ts';
import { bridgesOf, latencyOf, offList, realmsAndCpus, remapPlan } from './compile-platform.ts';
import { compileSteps } from './compile-steps.ts';
import type { SourceStep } from './compiling.ts';
import { checkActors } from './explore-plan.ts';
import { createLinker, type Doubt, doubtful, fail, type Linker, refer } from './linker.ts';
import type { Problem } from './problem.ts';
import type { Cell } from './resolve.ts';
import type { ScenarioYaml } from './schema.ts';
import type { ExploreYaml } from './schema-explore.ts';
import type { LessonYaml } from './schema-lesson.ts';
import { locate, nodeAt, type Path, type SourceNode } from './source-tree.ts';
import { parseTime } from './values.ts';

/** One variant of a scenario, ready to be run. */
export interface Scenario {
  readonly file: string;
  readonly name: string;
  readonly title: string;
  readonly tags: readonly string[];
  readonly refs: readonly string[];
  readonly cell: Cell;
  readonly seed: number;
  readonly machine: Machine;
  readonly program: Program;
  /** The steps as written, by index. */
  readonly sources: readonly SourceStep[];
  /** Who acts freely in an exploration; null where the file has no such section. */
  readonly explore: ExploreYaml | null;
  readonly expect: Expectations;
  readonly policyAt: PolicyPlaces;
  /** Null where the file has none. */
  readonly lesson: LessonYaml | null;
}

/** Where the file says what the policy goes by; null where it does not say. */
export interface PolicyPlaces {
  readonly modes: Source | null;
  /** By device: who owns it. */
  readonly owners: readonly (Source | null)[];
}

/** Builds one variant from a document that satisfies the schema. */
export function compile(
  file: string,
  root: SourceNode,
  variant: {
    readonly yaml: ScenarioYaml;
    readonly cell: Cell;
    readonly doubts: ReadonlySet<Doubt>;
  },
): { scenario: Scenario; problems: readonly Problem[] } {
  const { yaml, cell } = variant;
  const linker = createLinker(root, variant.doubts);
  const machine = machineOf(linker, yaml);
  const { program, sources } = compileSteps(linker, yaml, machine);
  checkActors(linker, yaml, machine);
  const expect = compileExpect(linker, yaml, { machine, program, cell });
  const lesson = compileLesson(linker, yaml, { machine, program, cell });
  const { name, title, tags = [], refs = [], seed = 0, explore = null } = yaml;
  const policyAt = policyPlaces(root, machine);
  const about = { file, name, title, tags, refs, cell, seed };
  const scenario = { ...about, machine, program, sources, explore, expect, policyAt, lesson };
  return { scenario, problems: linker.problems };
}

function policyPlaces(root: SourceNode, machine: Machine): PolicyPlaces {
  const placeOf = (path: Path): Source | null => {
    const at = nodeAt(root, path)?.at;
    return at ? { file: at.file, line: at.line, column: at.column } : null;
  };
  return {
    modes: placeOf(['policy', 'modes']),
    owners: machine.devices.map(({ name }) => placeOf(['devices', name, 'owner'])),
  };
}

function machineOf(linker: Linker, yaml: ScenarioYaml): Machine {
  const { realms, cpus } = realmsAndCpus(linker, yaml);
  const remap = remapPlan(linker, yaml);
  checkPosting(linker, realms, remap);
  const bridges = bridgesOf(linker, yaml);
  const plain = devicesOf(linker, yaml, realms);
  const irqs = irqsOf(plain);
  const devices = withIntx(linker, yaml, plain, irqs);
  const { domains, stacks } = domainsOf(linker, yaml, { realms, devices, remap });
  const base = {
    name: yaml.name,
    cpus,
    realms,
    bridges,
    devices,
    irqs,
    domains,
    stacks,
    remap,
    kernel: yaml.platform?.kernel ?? 'linux-6.1',
    destMode: yaml.platform?.destination === 'logical' ? 1 : 0,
    extendedIds: yaml.platform?.extendedIds ?? false,
    taskPriority: yaml.platform?.taskPriority ?? 0,
    imsOnBareMetal: (yaml.platform?.ims ?? 'tglx-2020') === 'tglx-2020',
    archIsolatesMsi: yaml.platform?.archIsolatesMsi ?? false,
    hostPosting: hostPostingOf(linker, yaml, remap),
    off: offList(linker, yaml),
    latency: latencyOf(yaml),
  } as const;
  const traps = devices.map(
    (device): TrapAction => yaml.hypervisor?.traps?.[device.name] ?? 'translate',
  );
  const names = devices.map(device => device.name);
  for (const name of Object.keys(yaml.hypervisor?.traps ?? {}))
    refer(linker, ['hypervisor', 'traps', name], {
      kind: 'device',
      name,
      known: names,
      isKey: true,
    });
  return {
    ...base,
    hypervisor: {
      traps,
      hypercalls: yaml.hypervisor?.hypercalls ?? true,
      errorModel: yaml.hypervisor?.errorModel ?? 'at-alloc',
      unsafeAssignment: yaml.hypervisor?.unsafeAssignment ?? 'warn',
      delegates: delegatesOf(linker, yaml, realms),
    },
    policy: policyOf(linker, yaml, base),
  };
}

/** Only a VT-d unit posts interrupts here; how AMD-Vi does it is not modelled. */
function checkPosting(linker: Linker, realms: Machine['realms'], remap: Machine['remap']): void {
  if ((remap.kind === 'vtd' && remap.posting) || doubtful(linker, 'unit')) return;
  for (const { name } of realms.filter(({ interrupts }) => interrupts === 'posted')) {
    const message = 'interrupts of a guest are posted by a VT-d unit that can';
    const path = ['guests', name, 'interrupts'];
    fail(linker, path, 'guest/posting', message, 'write ir: vtd, or interrupts: inject');
  }
}

/** Posting for the host takes a VT-d unit that can post, and a kernel that knows how. */
function hostPostingOf(linker: Linker, yaml: ScenarioYaml, remap: Machine['remap']): boolean {
  if (!yaml.platform?.hostPosting) return false;
  const path = ['platform', 'hostPosting'];
  const bad = (message: string, hint: string): false => {
    fail(linker, path, 'platform/host-posting', message, hint);
    return false;
  };
  if ((remap.kind !== 'vtd' || !remap.posting) && !doubtful(linker, 'unit'))
    return bad('interrupts of the host are posted by a VT-d unit that can', 'write ir: vtd');
  if (yaml.platform.kernel !== 'linux-6.10')
    return bad('Linux posts interrupts of the host from 6.10 on', 'write kernel: linux-6.10');
  return true;
}

/** Which guests act for which others. */
function delegatesOf(
  linker: Linker,
  yaml: ScenarioYaml,
  realms: Machine['realms'],
): HypervisorSpec['delegates'] {
  const known = realms.map(realm => realm.name);
  return Object.entries(yaml.hypervisor?.delegates ?? {}).flatMap(([stub, guests]) => {
    const path = ['hypervisor', 'delegates', stub];
    const acts = refer(linker, path, { kind: 'guest', name: stub, known, isKey: true });
    return guests.map((name, i) => ({
      acts,
      realm: refer(linker, [...path, i], { kind: 'guest', name, known }),
    }));
  });
}

const DEFAULT_MODES = ['fixed', 'lowest'] as const;

function policyOf(
  linker: Linker,
  yaml: ScenarioYaml,
  base: Pick<Machine, 'devices' | 'cpus'>,
): PolicySpec {
  const policy = yaml.policy ?? {};
  const devices = base.devices.map(device => device.name);
  const cpus = base.cpus.map(cpu => cpu.name);
  const grants = (key: 'grants' | 'deny') =>
    (policy[key] ?? []).map((grant, i) => {
      const path = ['policy', key, i];
      const { line, file } = locate(linker.root, path);
      return {
        device: refer(linker, [...path, 'device'], {
          kind: 'device',
          name: grant.device,
          known: devices,
        }),
        cpu: refer(linker, [...path, 'to'], { kind: 'CPU', name: grant.to, known: cpus }),
        vector: typeof grant.vector === 'number' ? grant.vector : NONE,
        source: `${file}:${line}`,
      };
    });
  const budgets = policy.budgets ?? {};
  return {
    modes: (policy.modes ?? DEFAULT_MODES).map(mode => DELIVERY_MODES.indexOf(mode)),
    grants: grants('grants'),
    denials: grants('deny'),
    graceNs: parseTime(policy.grace ?? '') ?? 0,
    budgets: {
      vectors: budgets.vectors ?? 0,
      entries: budgets.entries ?? 0,
      faults: budgets.faults ?? 0,
      invalidations: budgets.invalidations ?? 0,
      interrupts: budgets.interrupts ?? 0,
    },
  };
}
