import { DOMAIN_VERBS } from '../../src/domains/kinds.ts';
import type { AllocRequest, Ctx, HypercallAnswer, Verbs } from '../../src/domains/verbs.ts';
import { createRecorder } from '../../src/engine/recorder.ts';
import { initialDomain } from '../../src/engine/state.ts';
import type { DomainKind, Machine } from '../../src/model/machine.ts';
import { NONE, STORE_KINDS } from '../../src/model/machine.ts';
import { remappableMessage } from '../../src/model/message.ts';
import { scenarioOf } from '../engine/play.ts';

/** A stack of layers as some platform has it. */
export interface Stack {
  readonly name: string;
  readonly machine: Machine;
  /** Index of the topmost layer, and the kinds of all from there to the root. */
  readonly top: number;
  readonly layers: readonly DomainKind[];
}

const PRESETS = ['x86-bare', 'x86-vtd', 'x86-amdvi'];

function layersFrom(machine: Machine, top: number): DomainKind[] {
  const kinds: DomainKind[] = [];
  for (let at = top; at !== NONE; at = machine.domains[at].parent)
    kinds.push(machine.domains[at].kind);
  return kinds;
}

function stackOf(name: string, script: object, realm: number): Stack {
  const { machine } = scenarioOf({ devices: {}, steps: [], ...script });
  const top = machine.stacks[realm][0];
  return { name, machine, top, layers: layersFrom(machine, top) };
}

const device = (store: string, more: object = {}) => ({ dev: { bdf: '03:00.0', store, ...more } });

const ofHosts = PRESETS.flatMap(preset =>
  STORE_KINDS.map(store =>
    stackOf(`host, ${preset}, ${store}`, { platform: { preset }, devices: device(store) }, 0),
  ),
);

const guest = (more: object = {}) => ({ guests: { g: { vcpus: { v0: 'p1' }, ...more } } });
const ofGuests = [
  stackOf(
    'guest with hypercalls, ims-queue',
    {
      platform: { preset: 'x86-vtd' },
      ...guest(),
      devices: device('ims-queue', { owner: 'g' }),
    },
    1,
  ),
  stackOf(
    'guest with an emulated unit, msix',
    {
      platform: { preset: 'x86-vtd' },
      ...guest({ viommu: true }),
      devices: device('msix', { owner: 'g' }),
    },
    1,
  ),
];

/** Stacks that together have a layer of every kind. */
export const STACKS: readonly Stack[] = [...ofHosts, ...ofGuests];

/** The one interrupt of every stack. */
export const IRQ = 0;

/** What is asked of a stack: nothing in particular. */
export const REQUEST: AllocRequest = {
  cpu: NONE,
  vector: NONE,
  entry: NONE,
  first: IRQ,
  count: 1,
  contiguous: false,
  reserve: false,
  managed: [],
};

/** What was done, in the order it was done; or what was begun. */
export const doneIn = (log: readonly string[]): string[] => log.filter(line => line[0] !== '>');
export const begunIn = (log: readonly string[]): string[] =>
  log.flatMap(line => (line[0] === '>' ? [line.slice(1)] : []));

export type VerbTable = Readonly<Record<DomainKind, Verbs>>;

/** A context with fresh beliefs, whose hypervisor composes what it is asked for, or refuses. */
export function contextOf(
  { machine }: Stack,
  verbs: VerbTable = DOMAIN_VERBS,
  answer: HypercallAnswer = { message: remappableMessage(43) },
): Ctx {
  return {
    machine,
    domains: machine.domains.map(domain => initialDomain(machine, domain)),
    verbs,
    ops: [],
    out: createRecorder(machine).out,
    hypercall: () => answer,
  };
}

const VERBS = ['alloc', 'free', 'activate', 'deactivate', 'compose', 'store'] as const;
export type LoggedVerb = (typeof VERBS)[number];

/** The same verbs, each noting when it begins, `>kind.verb`, and when it is done, `kind.verb`. */
export function logged(log: string[], table: VerbTable = DOMAIN_VERBS): VerbTable {
  const wrap = (kind: string, verbs: Verbs): Verbs => {
    const note = <A extends unknown[], R>(verb: LoggedVerb, run?: (...args: A) => R) =>
      run &&
      ((...args: A): R => {
        log.push(`>${kind}.${verb}`);
        const result = run(...args);
        log.push(`${kind}.${verb}`);
        return result;
      });
    return {
      ...verbs,
      alloc: note('alloc', verbs.alloc),
      free: note('free', verbs.free),
      activate: note('activate', verbs.activate),
      deactivate: note('deactivate', verbs.deactivate),
      compose: note('compose', verbs.compose),
      store: note('store', verbs.store),
    };
  };
  return Object.fromEntries(
    Object.entries(table).map(([kind, verbs]) => [kind, wrap(kind, verbs)]),
  ) as VerbTable;
}
