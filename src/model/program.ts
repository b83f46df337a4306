import type { Word } from '../bits/word.ts';
import type { Message } from './wire.ts';

/** The compiled script: what happens, in which order or at which time. */
export interface Program {
  /** All steps of the file, nested ones included, in file order. */
  readonly steps: readonly Step[];
  /** Lists of step indices: 0 is the script, the others are bodies of blocks. */
  readonly sequences: readonly (readonly number[])[];
  readonly time: TimePlan;
  /** What actors may do in free exploration, once the script is done; empty without it. */
  readonly actions: readonly Action[];
  /** Answers at the choice door a run begins with. */
  readonly choices: readonly number[];
}

export const ACTOR_VERBS = [
  'use',
  'free',
  'raise',
  'forge',
  'replay',
  'dma',
  'spoof',
  'call',
  'affinity',
] as const;
export type ActorVerb = (typeof ACTOR_VERBS)[number];

/** Something an actor may do at any time: a few steps as one. */
export interface Action {
  /** In words, such as `g1 forges q1.0: remappable, index 1`. */
  readonly name: string;
  /** What kind of forgery or other act it is, for tallies. */
  readonly family: string;
  readonly realm: number;
  readonly verb: ActorVerb;
  readonly irq: number;
  /** The steps, as an index into `Program.sequences`. */
  readonly sequence: number;
}

export interface TimePlan {
  /** `timed`: things take time and one order results. `interleave`: every order is possible. */
  readonly mode: 'timed' | 'interleave';
  /** In `interleave`, a raise and its delivery are one step, or each hop is one. */
  readonly flight: 'atomic' | 'split';
  /** In `interleave`, the writes of a step are one step, or each write is one. */
  readonly writes: 'atomic' | 'split';
  /** The run stops here. */
  readonly limitNs: number;
}

/** Where a step stands in its file. */
export interface Source {
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  readonly column: number;
}

export interface Step {
  readonly index: number;
  readonly what: Verb;
  /** Absolute time; -1 when the step says none. */
  readonly atNs: number;
  /** Time after the start of the step before; -1 when the step says none. */
  readonly afterNs: number;
  readonly label: string;
  /** Realm whose software acts. */
  readonly by: number;
  /** The step as written, shortened, for people. */
  readonly text: string;
  readonly source: Source;
}

/** How far a step's effects reach, as its verb says. Indices as in `Machine`; -1 for none. */
export type Verb =
  | AllocateVerb
  | {
      readonly verb: 'activate' | 'compose' | 'store' | 'mask' | 'unmask' | 'free' | 'unpost';
      readonly irq: number;
    }
  | AffinityVerb
  | RaiseVerb
  | SendVerb
  | InvalidateVerb
  | WriteVerb
  | CpuVerb
  | { readonly verb: 'create'; readonly device: number }
  | { readonly verb: 'assign'; readonly device: number; readonly realm: number }
  | HypercallVerb
  | UnitVerb
  | { readonly verb: 'faults'; readonly action: 'read' }
  | { readonly verb: 'power'; readonly change: 'suspend' | 'resume' }
  | { readonly verb: 'boot'; readonly kernel: 'kernel' | 'crash-kernel' }
  | AttackVerb
  | { readonly verb: 'wait'; readonly forNs: number }
  | { readonly verb: 'race'; readonly threads: readonly Branch[] }
  | { readonly verb: 'choose'; readonly branches: readonly Branch[] }
  | { readonly verb: 'repeat'; readonly times: number; readonly sequence: number };

export interface Branch {
  readonly name: string;
  readonly sequence: number;
}

export interface AllocateVerb {
  readonly verb: 'allocate';
  /** First interrupt of the block. */
  readonly irq: number;
  readonly count: number;
  readonly cpu: number;
  readonly vector: number;
  readonly entry: number;
  readonly reserve: boolean;
  /** CPUs of a managed interrupt; empty for an ordinary one. */
  readonly managed: readonly number[];
}

export interface AffinityVerb {
  readonly verb: 'affinity';
  readonly irq: number;
  readonly cpu: number;
  readonly vector: number;
  readonly how: 'kernel' | 'naive' | 'two-step' | 'msi-off';
}

/** A device raises an interrupt of its own. */
export interface RaiseVerb {
  readonly verb: 'raise';
  readonly irq: number;
  readonly times: number;
  /** Another requester id of the device it is sent under; -1 for the device's first. */
  readonly alias: number;
}

/** A device sends words that are in no slot of its store. */
export interface SendVerb {
  readonly verb: 'send';
  readonly device: number;
  readonly message: Message;
  /** Requester id used; -1 for the device's own. */
  readonly rid: number;
  readonly pasid: number;
}

export interface InvalidateVerb {
  readonly verb: 'invalidate';
  readonly index: number;
  /** Entries from `index`; 0 for all. */
  readonly count: number;
  readonly rid: number;
}

/** Raw writes, past every layer. */
export interface WriteVerb {
  readonly verb: 'write';
  readonly target:
    | { readonly kind: 'slot'; readonly device: number; readonly slot: number }
    | { readonly kind: 'entry'; readonly device: number; readonly index: number }
    | { readonly kind: 'device-entry'; readonly device: number }
    | { readonly kind: 'descriptor'; readonly cpu: number }
    | { readonly kind: 'register'; readonly name: string };
  readonly first: number;
  readonly words: readonly Word[];
}

export interface CpuVerb {
  readonly verb: 'cpu';
  readonly cpu: number;
  readonly change: CpuChange;
  /** Physical CPU a virtual one runs on from now; -1 where it stays. */
  readonly on: number;
}

export const CPU_CHANGES = [
  'interrupts-off',
  'interrupts-on',
  'offline',
  'online',
  'run',
  'preempt',
  'block',
] as const;
export type CpuChange = (typeof CPU_CHANGES)[number];

/** The host changes how the remap unit works; null leaves a part as it is. */
export interface UnitVerb {
  readonly verb: 'unit';
  readonly enabled: boolean | null;
  readonly compatFormat: 'block' | 'pass' | null;
  /** An empty table takes the place of the old one, or a copy of it. */
  readonly table: 'empty' | 'copy' | null;
}

/** A call past the guest's own layers. */
export interface HypercallVerb {
  readonly verb: 'hypercall';
  readonly call: 'allocate' | 'compose' | 'free' | 'retarget';
  /** Guest it is made for: the caller itself, as a rule. */
  readonly behalf: number;
  readonly irq: number;
  readonly cpu: number;
  readonly vector: number;
}

/** What a hostile or broken guest does. */
export type AttackVerb =
  | {
      readonly verb: 'attack';
      readonly kind: 'forge-store';
      readonly irq: number;
      /** Null: random words from the stream of the device. */
      readonly message: Message | null;
    }
  | {
      readonly verb: 'attack';
      readonly kind: 'dma-write';
      readonly device: number;
      readonly message: Message | null;
      readonly rid: number;
    }
  | { readonly verb: 'attack'; readonly kind: 'replay'; readonly irq: number }
  | {
      readonly verb: 'attack';
      readonly kind: 'borrow-slot';
      /** The interrupt whose slot is used, and the interface whose work names it. */
      readonly irq: number;
      readonly device: number;
    }
  | {
      readonly verb: 'attack';
      readonly kind: 'storm';
      readonly irq: number;
      readonly times: number;
    };
export const ATTACKS = [
  'forge-store',
  'dma-write',
  'spoof',
  'replay',
  'borrow-slot',
  'storm',
] as const;
