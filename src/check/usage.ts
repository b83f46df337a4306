import { type Budgets, HOST, type Machine } from '../model/machine.ts';
import type { Happening } from '../model/record.ts';
import { entryKey, type Ledger, ownerOf } from './ledger.ts';
import type { Blame, Known } from './rule.ts';

type Of<A extends Happening['act']> = Extract<Happening, { act: A }>;
type Budget = keyof Budgets;

const usageKey = (machine: Machine, budget: Budget, realm: number): string =>
  `${budget}/${machine.realms[realm].name}`;

/** Counts one use against a realm's budget; nothing is counted where there is none. */
function count(machine: Machine, ledger: Ledger, budget: Budget, realm: number): void {
  const limit = machine.policy.budgets[budget];
  if (limit === 0 || realm === HOST) return;
  const key = usageKey(machine, budget, realm);
  ledger.used[key] = Math.min(limit + 2, (ledger.used[key] ?? 0) + 1);
}

/** Whether the latest use was the first one beyond the budget. */
export const justExceeded = (
  machine: Machine,
  ledger: Ledger,
  budget: Budget,
  realm: number,
): boolean =>
  realm !== HOST &&
  machine.policy.budgets[budget] > 0 &&
  ledger.used[usageKey(machine, budget, realm)] === machine.policy.budgets[budget] + 1;

/** Realm of the device that sent a message, by its place among those on their way. */
export function senderOf(machine: Machine, ledger: Ledger, flight: number): number {
  const name = ledger.flights[flight]?.device;
  const device = machine.devices.findIndex(spec => spec.name === name);
  return device < 0 ? HOST : ledger.owners[device];
}

/** Realm whose interrupt an invalidation is for; the host's own where it is for all. */
export function causerOf(
  machine: Machine,
  ledger: Ledger,
  what: Of<'queue' | 'invalidate'>,
): number {
  if (what.scope === 'global') return HOST;
  if (what.scope === 'device') {
    const device = machine.devices.findIndex(spec => spec.rid === what.rid);
    return device < 0 ? HOST : ledger.owners[device];
  }
  const suffix = entryKey(0, what.index).slice(1);
  const key = Object.keys(ledger.entries).find(entry => entry.endsWith(suffix));
  return key === undefined ? HOST : ownerOf(machine, ledger, ledger.entries[key].irq);
}

export const countFault = (machine: Machine, ledger: Ledger, what: Of<'fault'>): void =>
  count(machine, ledger, 'faults', senderOf(machine, ledger, what.flight));

export const countInvalidation = (
  machine: Machine,
  ledger: Ledger,
  what: Of<'queue' | 'invalidate'>,
): void => count(machine, ledger, 'invalidations', causerOf(machine, ledger, what));

export function countEmission(machine: Machine, ledger: Ledger, what: Of<'emit'>): void {
  const device = machine.devices.findIndex(spec => spec.name === what.device);
  if (device >= 0) count(machine, ledger, 'interrupts', ledger.owners[device]);
}

/** Blame for the realm of an interrupt whose latest allocation went beyond a budget. */
export function heldTooMany(
  { machine, ledger }: Known,
  irq: string,
  what: { readonly kind: 'vectors' | 'entries'; readonly name: string },
): Blame | null {
  const realm = ownerOf(machine, ledger, irq);
  const limit = machine.policy.budgets[what.kind];
  if (realm === HOST || limit === 0 || held(machine, ledger, what.kind, realm) !== limit + 1)
    return null;
  const culprit = machine.realms[realm].name;
  const sentence = `interrupts of ${culprit} hold more than the ${limit} ${what.name} they may`;
  return { culprit, victim: machine.realms[HOST].name, sentence };
}

/** Resources of the host a realm's interrupts hold now. */
function held(
  machine: Machine,
  ledger: Ledger,
  kind: 'vectors' | 'entries',
  realm: number,
): number {
  const hostCpus = machine.realms[HOST].cpus.map(cpu => `${machine.cpus[cpu].name}/`);
  const ofHost = (key: string): boolean =>
    kind === 'entries' || hostCpus.some(prefix => key.startsWith(prefix));
  return Object.entries(ledger[kind]).filter(
    ([key, { irq, live }]) => live === 1 && ofHost(key) && ownerOf(machine, ledger, irq) === realm,
  ).length;
}
