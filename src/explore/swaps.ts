import { COMPAT } from '../arch/message.ts';
import { get, set } from '../bits/layout.ts';
import { amdTableRoot } from '../domains/remap-amdvi.ts';
import type { Event } from '../engine/env.ts';
import { type Machine, NONE } from '../model/machine.ts';
import { inWindow } from '../model/message.ts';
import { formatRequester } from '../model/requester.ts';
import { type Message, messageWords } from '../model/wire.ts';
import type { FreeProgram } from '../scenario/compile-explore.ts';
import { messageOf } from '../scenario/compile-verbs.ts';
import { equalGuests } from './equal-guests.ts';

/** Two guests that are the same but for names change places; doing it twice changes nothing. */
export interface Swap {
  /** The part of a world that takes the place of another, by their names. */
  part(name: string): string;
  event(event: Event): Event;
  /** The name of an interrupt. */
  irq(name: string): string;
}

/** Every pair of guests that may change places in a program, if any. */
export function swapsOf(machine: Machine, free: FreeProgram): Swap[] {
  const guests = machine.realms.flatMap(({ kind }, realm) => (kind === 'guest' ? [realm] : []));
  return guests.flatMap((a, i) =>
    guests.slice(i + 1).flatMap(b => {
      const pairs = equalGuests(machine, free.program, [a, b]);
      const swap = pairs && swapOf(machine, free, pairs);
      return swap ? [swap] : [];
    }),
  );
}

/** What belongs to two guests, as indices in pairs. */
export interface Pairs {
  readonly realms: readonly (readonly [number, number])[];
  readonly cpus: readonly (readonly [number, number])[];
  readonly devices: readonly (readonly [number, number])[];
  readonly irqs: readonly (readonly [number, number])[];
  readonly domains: readonly (readonly [number, number])[];
}

type Exchange<T> = (one: T) => T;

/** Exchanges the two of each pair, and leaves the rest alone. */
function exchange<T>(pairs: readonly (readonly [T, T])[]): Exchange<T> {
  const other = new Map<T, T>();
  for (const [a, b] of pairs) other.set(a, b).set(b, a);
  return one => other.get(one) ?? one;
}

function swapOf(machine: Machine, free: FreeProgram, pairs: Pairs): Swap | null {
  const names = exchange([
    ...named(machine.realms, pairs.realms),
    ...named(machine.cpus, pairs.cpus),
    ...named(machine.devices, pairs.devices),
    ...named(machine.irqs, pairs.irqs),
    ...pairs.devices.map(([a, b]) =>
      pairOf(machine.devices, a, b, one => formatRequester(one.rid)),
    ),
  ]);
  const action = actionsOf(machine, free, { names, pairs });
  if (!action) return null;
  return {
    part: partNames(machine, pairs, names),
    event: event => (event.kind === 'action' ? { kind: 'action', of: action[event.of] } : event),
    irq: names,
  };
}

const pairOf = <T, V>(list: readonly T[], a: number, b: number, value: (one: T) => V) =>
  [value(list[a]), value(list[b])] as const;

const named = (
  list: readonly { readonly name: string }[],
  pairs: readonly (readonly [number, number])[],
) => pairs.map(([a, b]) => pairOf(list, a, b, one => one.name));

/** The name a part has after a swap. */
function partNames(machine: Machine, pairs: Pairs, names: Exchange<string>): Exchange<string> {
  const cpu = exchange(pairs.cpus);
  const device = exchange(pairs.devices);
  const irq = exchange(pairs.irqs);
  const domain = exchange(pairs.domains);
  const table = exchange(tablePairs(machine, pairs));
  const realmKey = (key: string): string => key.split('/').map(names).join('/');
  return name =>
    name
      .replace(/^(state\.(?:apics|descriptors)\[)(\d+)/, (_, head, i) => `${head}${cpu(Number(i))}`)
      .replace(
        /^(state\.(?:stores|hypervisor\.virtual)\[)(\d+)/,
        (_, head, i) => `${head}${device(Number(i))}`,
      )
      .replace(/^(state\.domains\[)(\d+)/, (_, head, i) => `${head}${domain(Number(i))}`)
      .replace(
        /(\.(?:irqs|messages|last|bindings)\.)(\d+)$/,
        (_, head, i) => `${head}${irq(Number(i))}`,
      )
      .replace(/^(ledger\.entries\.)(-?\d+)(?=\/)/, (_, head, i) => `${head}${table(Number(i))}`)
      .replace(/^(ledger\.vectors\.)(.*)(\/\d+)$/, (_, head, key, tail) => head + names(key) + tail)
      .replace(/^(ledger\.slots\.)(.*)(\/\d+)$/, (_, head, key, tail) => head + names(key) + tail)
      .replace(
        /^(ledger\.(?:composed|used|posted|held|enabled|unanswered)\.)(.*)$/,
        (_, head, key) => head + keyOf(key, names, realmKey),
      );
}

/** A key that is a name, or several names with slashes between. */
const keyOf = (key: string, names: Exchange<string>, parts: Exchange<string>): string =>
  names(key) === key ? parts(key) : names(key);

/** AMD-Vi: each requester id may have its own table. */
function tablePairs(machine: Machine, { devices }: Pairs): [number, number][] {
  if (machine.remap.kind !== 'amdvi') return [];
  const root = (device: number): number => amdTableRoot(machine, machine.devices[device]);
  return devices.map(([a, b]) => [root(a), root(b)]);
}

/** The action that takes the place of each; null where one has no counterpart. */
function actionsOf(
  machine: Machine,
  { program, written }: FreeProgram,
  how: { readonly names: Exchange<string>; readonly pairs: Pairs },
): number[] | null {
  const keys = written.map(steps =>
    JSON.stringify(steps.map(step => normal(step, one => one, same))),
  );
  const target = destinations(machine, how.pairs);
  const found = program.actions.map((_, i) =>
    keys.indexOf(JSON.stringify(written[i].map(step => normal(step, how.names, target)))),
  );
  return found.includes(-1) ? null : found;
}

const same: Exchange<Message> = message => message;

/** A step with its names and messages replaced; messages by their words. */
function normal(value: unknown, names: Exchange<string>, message: Exchange<Message>): unknown {
  if (typeof value === 'string') return names(value);
  if (typeof value !== 'object' || value === null) return value;
  if ('address' in value && 'data' in value)
    return message(messageOf(value as Parameters<typeof messageOf>[0]));
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [key, normal(part, names, message)]),
  );
}

/** Compatibility messages name CPUs: they change places with the guests that have them. */
function destinations(machine: Machine, { cpus }: Pairs): Exchange<Message> {
  const apicIds = exchange(
    cpus.map(([a, b]) =>
      pairOf(machine.cpus, a, b, one => machine.cpus[one.runsOn]?.apicId ?? NONE),
    ),
  );
  return message => {
    if (!inWindow(message)) return message;
    const words = messageWords(message);
    if (get(words, COMPAT.fields.format) !== 0) return message;
    set(words, COMPAT.fields.dest, apicIds(get(words, COMPAT.fields.dest)));
    const [addressLow, addressHigh, data] = words;
    return { addressLow, addressHigh, data };
  };
}
