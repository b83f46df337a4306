import { DELIVERY_MODES } from '../arch/message.ts';
import { vectorText } from '../model/describe.ts';
import { type Grant, HOST, type Machine, NONE, type TrapAction } from '../model/machine.ts';
import type { Program } from '../model/program.ts';
import type { AssignHappening } from '../model/record.ts';
import { formatRequester } from '../model/requester.ts';
import { passBridge } from '../units/bridge.ts';
import { bootRecords } from './boot-records.ts';

/** Where the file says so: `file:line` of a part of it, by its path. */
export type WhereIs = (path: readonly string[]) => string;

const REACH = {
  direct: 'direct: nothing traps',
  queue: 'queue: in memory of the owner, nothing traps',
} as const;

/** How interrupts reach a guest. */
const INTERRUPTS = {
  inject: 'injected by the host',
  posted: 'posted',
  direct: 'straight to a CPU of its own',
} as const;

type Verdict = AssignHappening['verdict'];

const VERDICTS: Readonly<Record<Verdict, string>> = {
  isolated: 'isolated',
  unsafe: 'unsafe: nothing keeps its messages to it',
  refused: 'refused: it stays the host’s',
};

const TRAPS: Readonly<Record<TrapAction, string>> = {
  translate: 'trapped: the hypervisor translates what is stored',
  emulate: 'trapped: the hypervisor keeps it from the device',
  pass: 'trapped: the hypervisor passes it on as it is',
  refuse: 'trapped: the hypervisor refuses it',
};

/**
 * What belongs to whom and what each source may signal: the ground truth violations are judged by.
 */
export function policyText(machine: Machine, program: Program, where: WhereIs): string {
  const { assignments } = bootRecords(machine, program);
  const realms = machine.realms.map((_, realm) => realmLine(machine, realm, where));
  const devices = machine.devices.map((device, index) => {
    const verdict = assignments.find(record => record.device === device.name)?.verdict ?? null;
    return deviceLines(machine, index, { verdict, where });
  });
  return `${[realms, generalLines(machine, where), ...devices].map(lines => lines.join('\n')).join('\n\n')}\n`;
}

/** A realm and the CPUs it has to itself, or where those run. */
function realmLine(machine: Machine, realm: number, where: WhereIs): string {
  const { name, kind, behaviour, knowsItIsVm, interrupts, cpus } = machine.realms[realm];
  if (kind === 'host') return `${name}: ${cpus.map(cpu => machine.cpus[cpu].name).join(', ')}`;
  const places = cpus.map(cpu => {
    const { name: vcpu, runsOn } = machine.cpus[cpu];
    return `${vcpu} on ${machine.cpus[runsOn].name}`;
  });
  const hidden = knowsItIsVm ? '' : ', can’t tell that it is a guest';
  return `${name}: ${places.join(', ')}; ${behaviour}${hidden}; interrupts ${INTERRUPTS[interrupts]}${placeOf(where(['guests', name]))}`;
}

/** What holds for all sources. */
function generalLines({ policy }: Machine, where: WhereIs): string[] {
  const modes = policy.modes.map(mode => DELIVERY_MODES[mode]).join(', ');
  const budgets = Object.entries(policy.budgets).filter(([, most]) => most > 0);
  return [
    `modes: ${modes}${placeOf(where(['policy', 'modes']))}`,
    ...(policy.graceNs > 0
      ? [`grace: ${policy.graceNs}ns${placeOf(where(['policy', 'grace']))}`]
      : []),
    ...budgets.map(
      ([name, most]) =>
        `budget of each guest: ${most} ${name}${placeOf(where(['policy', 'budgets', name]))}`,
    ),
  ];
}

function deviceLines(
  machine: Machine,
  index: number,
  { verdict, where }: { readonly verdict: Verdict | null; readonly where: WhereIs },
): string[] {
  const device = machine.devices[index];
  const { name, owner } = device;
  const place = (key: string): string => placeOf(where(['devices', name, key]));
  const holder = verdict === 'refused' ? HOST : owner;
  return [
    `${name}${placeOf(where(['devices', name]))}`,
    `  owner      ${machine.realms[owner].name}${place('owner')}`,
    ...(verdict ? [`  assigned   ${VERDICTS[verdict]}`] : []),
    `  store      ${device.store}, ${storeText(machine, index)}${place('reach')}`,
    `  requester  ${requesterText(machine, index)}${place('bdf')}`,
    `  may signal ${targetsText(machine, holder)}`,
    ...grantLines('also', machine, index, machine.policy.grants),
    ...grantLines('but not', machine, index, machine.policy.denials),
  ];
}

const placeOf = (place: string): string => (place ? `  # ${place}` : '');

function storeText(machine: Machine, index: number): string {
  const { owner, reach, dma } = machine.devices[index];
  const reached = reach === 'trapped' ? TRAPS[machine.hypervisor.traps[index]] : REACH[reach];
  const how = owner === HOST ? 'the host’s own' : reached;
  return dma ? `${how}; it can be made to write anywhere` : how;
}

/** The id a source is seen by, and who else is seen by it. */
function requesterText(machine: Machine, index: number): string {
  const { rid, pasid, aliases, owner } = machine.devices[index];
  const seen = seenAs(machine, index);
  const others = machine.devices
    .filter((other, i) => i !== index && other.owner !== owner && seenAs(machine, i) === seen)
    .map(other => other.name);
  const parts = [
    formatRequester(rid),
    ...(seen === rid ? [] : [`seen as ${formatRequester(seen)}`]),
    ...(aliases.length > 0 ? [`also ${aliases.map(formatRequester).join(', ')}`] : []),
    ...(pasid === NONE ? [] : [`pasid ${pasid}`]),
    ...(others.length > 0 ? [`shared with ${others.join(', ')}`] : []),
  ];
  return parts.join(', ');
}

/** The requester id that arrives at the remap unit. */
function seenAs(machine: Machine, index: number): number {
  let { rid } = machine.devices[index];
  for (const bridge of machine.devices[index].bridges) {
    const outcome = passBridge(machine.bridges[bridge], rid, machine.off, null);
    if (outcome.kind === 'forwarded') rid = outcome.rid;
  }
  return rid;
}

/** Without a grant a source may signal its owner: its interrupts, and what nobody else has. */
function targetsText(machine: Machine, realm: number): string {
  const { name, cpus } = machine.realms[realm];
  const names = cpus.map(cpu => machine.cpus[cpu].name).join(', ');
  return `${name}: vectors of ${name}’s interrupts anywhere, free vectors on ${names}`;
}

function grantLines(
  word: string,
  machine: Machine,
  index: number,
  grants: readonly Grant[],
): string[] {
  return grants
    .filter(grant => grant.device === index)
    .map(({ cpu, vector, source }) => {
      const what = vector === NONE ? 'any vector' : `vector ${vectorText(vector)}`;
      return `  ${word.padEnd(10)} ${machine.cpus[cpu].name}, ${what}  # ${source}`;
    });
}
