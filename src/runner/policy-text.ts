import { DELIVERY_MODES } from '../arch/message.ts';
import { vectorText } from '../model/describe.ts';
import { type Grant, HOST, type Machine, NONE } from '../model/machine.ts';
import type { Program } from '../model/program.ts';
import { formatRequester } from '../model/requester.ts';
import { passBridge } from '../units/bridge.ts';
import { bootRecords } from './boot-records.ts';

/** Where the file says so: `file:line` of a part of it, by its path. */
export type WhereIs = (path: readonly string[]) => string;

const REACH = {
  trapped: 'trapped: the hypervisor sees every access',
  direct: 'direct: nothing traps',
  queue: 'queue: in memory of the owner, nothing traps',
} as const;

/**
 * What belongs to whom and what each source may signal: the ground truth violations are judged by.
 */
export function policyText(machine: Machine, program: Program, where: WhereIs): string {
  const { assignments } = bootRecords(machine, program);
  const modes = machine.policy.modes.map(mode => DELIVERY_MODES[mode]).join(', ');
  const grace = machine.policy.graceNs;
  const head = [
    `modes: ${modes}${placeOf(where(['policy', 'modes']))}`,
    ...(grace > 0 ? [`grace: ${grace}ns${placeOf(where(['policy', 'grace']))}`] : []),
  ];
  const devices = machine.devices.map((device, index) => {
    const verdict = assignments.find(record => record.device === device.name)?.verdict;
    const given = verdict ? [`  assigned   ${verdict}`] : [];
    return [
      `${device.name}${placeOf(where(['devices', device.name]))}`,
      `  owner      ${machine.realms[device.owner].name}${placeOf(where(['devices', device.name, 'owner']))}`,
      ...given,
      `  store      ${device.store}, ${storeText(machine, index)}`,
      `  requester  ${requesterText(machine, index)}`,
      `  may signal ${targetsText(machine, index)}`,
      ...grantLines('also', machine, index, machine.policy.grants),
      ...grantLines('but not', machine, index, machine.policy.denials),
    ];
  });
  return `${[head, ...devices].map(lines => lines.join('\n')).join('\n\n')}\n`;
}

const placeOf = (place: string): string => (place ? `  # ${place}` : '');

function storeText(machine: Machine, index: number): string {
  const { owner, reach, dma } = machine.devices[index];
  const how = owner === HOST ? 'the host’s own' : REACH[reach];
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
function targetsText(machine: Machine, index: number): string {
  const { name, cpus } = machine.realms[machine.devices[index].owner];
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
