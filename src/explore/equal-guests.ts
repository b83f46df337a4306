import { type DeviceSpec, type Machine, NONE } from '../model/machine.ts';
import type { Program, Verb } from '../model/program.ts';
import type { Pairs } from './swaps.ts';

type Two = readonly [number, number];

/**
 * What two guests have, in pairs, where both are the same but for names, ids and places, and the
 * script treats them alike: not at all. Null where anything else differs.
 */
export function equalGuests(machine: Machine, program: Program, realms: Two): Pairs | null {
  const virtual = pairUp(realms.map(realm => machine.realms[realm].cpus));
  const devices = pairUp(realms.map(realm => indices(machine.devices, one => one.owner === realm)));
  if (!virtual || !devices || !alikeRealms(machine, realms)) return null;
  const physical = virtual.map((pair): Two => [runsOn(machine, pair[0]), runsOn(machine, pair[1])]);
  if (!physical.every(pair => isOwnCpu(machine, pair, virtual.flat()))) return null;
  if (!devices.every(pair => alikeDevices(machine, pair))) return null;
  const irqs = devices.flatMap(([a, b]) => pairUp([a, b].map(one => irqsOf(machine, one))) ?? []);
  const domains = pairUp(realms.map(realm => indices(machine.domains, one => one.realm === realm)));
  const ofDevices = hostLayers(machine, devices);
  if (!domains || !ofDevices || !domains.every(pair => alikeDomains(machine, pair))) return null;
  const pairs = {
    realms: [realms],
    cpus: [...virtual, ...physical],
    devices,
    irqs,
    domains: [...domains, ...ofDevices],
  };
  return isMentioned(machine, program, pairs) ? null : pairs;
}

const indices = <T>(list: readonly T[], wanted: (one: T) => boolean): number[] =>
  list.flatMap((one, i) => (wanted(one) ? [i] : []));

/** Two lists of equal length as pairs. */
function pairUp([a, b]: readonly (readonly number[])[]): Two[] | null {
  return a.length === b.length ? a.map((one, i): Two => [one, b[i]]) : null;
}

const runsOn = (machine: Machine, cpu: number): number => machine.cpus[cpu].runsOn;
const irqsOf = (machine: Machine, device: number): number[] =>
  indices(machine.irqs, irq => irq.device === device);

const sameText = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

function alikeRealms(machine: Machine, [a, b]: Two): boolean {
  const rest = ({ name: _, cpus: __, ...spec }: Machine['realms'][number]) => spec;
  const { delegates } = machine.hypervisor;
  const acts = delegates.some(({ realm, acts }) => [a, b].includes(realm) || [a, b].includes(acts));
  return !acts && sameText(rest(machine.realms[a]), rest(machine.realms[b]));
}

/** Physical CPUs of the same kind, each with one virtual CPU of these guests and no other. */
function isOwnCpu(machine: Machine, [a, b]: Two, virtual: readonly number[]): boolean {
  if (a === b || machine.cpus[a]?.mode !== machine.cpus[b]?.mode) return false;
  return machine.cpus.every(
    (cpu, i) =>
      ![a, b].includes(cpu.runsOn) ||
      (virtual.includes(i) && cpu.mode === machine.cpus[virtual[0]].mode),
  );
}

function alikeDevices({ devices, hypervisor }: Machine, [a, b]: Two): boolean {
  const rest = ({ name: _, rid: __, owner: ___, pasid, ...spec }: DeviceSpec) => ({
    ...spec,
    pasid: pasid === NONE ? NONE : 0,
  });
  const plain = (one: DeviceSpec): boolean => one.aliases.length === 0 && one.intx === NONE;
  const shared = devices.some(
    (one, i) => ![a, b].includes(i) && [devices[a].rid, devices[b].rid].includes(one.rid),
  );
  if (shared || devices[a].rid === devices[b].rid) return false;
  if (hypervisor.traps[a] !== hypervisor.traps[b]) return false;
  return plain(devices[a]) && sameText(rest(devices[a]), rest(devices[b]));
}

function alikeDomains({ domains }: Machine, [a, b]: Two): boolean {
  return domains[a].kind === domains[b].kind;
}

/** Layers of the host for single devices of the two. */
function hostLayers(machine: Machine, devices: readonly Two[]): Two[] | null {
  const pairs: Two[] = [];
  for (const two of devices) {
    const [a, b] = two.map(device =>
      indices(machine.domains, one => one.device === device && one.realm === 0),
    );
    const paired = pairUp([a, b]);
    if (!paired?.every(pair => alikeDomains(machine, pair))) return null;
    pairs.push(...paired);
  }
  return pairs;
}

/** Whether the script or the policy has anything to do with one of the two. */
function isMentioned(machine: Machine, program: Program, pairs: Pairs): boolean {
  const has = (list: readonly Two[], index: number): boolean =>
    list.some(two => two.includes(index));
  const { grants, denials } = machine.policy;
  const inPolicy = [...grants, ...denials].some(
    ({ device, cpu }) => has(pairs.devices, device) || has(pairs.cpus, cpu),
  );
  const free = new Set(program.actions.flatMap(({ sequence }) => program.sequences[sequence]));
  const inScript = program.steps.some(
    ({ by, what, index }) =>
      !free.has(index) && (has(pairs.realms, by) || namesAny(what, pairs, has)),
  );
  return inPolicy || inScript;
}

const INDEX_KEYS: Readonly<Record<string, keyof Pairs>> = {
  irq: 'irqs',
  device: 'devices',
  cpu: 'cpus',
  realm: 'realms',
  behalf: 'realms',
  on: 'cpus',
};

function namesAny(
  verb: Verb,
  pairs: Pairs,
  has: (list: readonly Two[], index: number) => boolean,
): boolean {
  return Object.entries(verb).some(([key, value]) => {
    const list = INDEX_KEYS[key];
    return list !== undefined && typeof value === 'number' && has(pairs[list], value);
  });
}
