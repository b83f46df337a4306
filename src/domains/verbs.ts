import type { Errno } from '../arch/linux.ts';
import { missingFeatures } from '../arch/msi-parent.ts';
import type { DomainKind, DomainSpec, Machine, StoreKind } from '../model/machine.ts';
import { msiParent } from '../model/msi-parent.ts';
import type { Op } from '../model/op.ts';
import type { Out } from '../model/out.ts';
import type { Message } from '../model/wire.ts';
import type { BusState } from './bus.ts';
import type { HcallState } from './hcall.ts';
import type { Posting, RemapDomainState } from './remap.ts';
import type { VectorState } from './vector-state.ts';

/** What a layer believes: plain data, one record per layer. */
export type DomainState = VectorState | RemapDomainState | HcallState | BusState;

/** What a layer may use: its own realm's beliefs, and a place to leave operations. */
export interface Ctx {
  readonly machine: Machine;
  /** Beliefs of all layers, by domain index. */
  readonly domains: DomainState[];
  readonly verbs: Readonly<Record<DomainKind, Verbs>>;
  /** Operations left for the hardware, in order. */
  readonly ops: Op[];
  readonly out: Out;
  /** The door to the hypervisor; answers ENOSYS where there is none. */
  readonly hypercall: (call: Hypercall) => HypercallAnswer;
}

/** One layer of a stack, as its verbs get it. */
export interface Layer {
  readonly index: number;
  readonly spec: DomainSpec;
}

/** What a bus layer demands of whatever is beneath it: nothing but how its storage behaves. */
export interface Need {
  readonly store: StoreKind;
  readonly count: number;
}

/** Who asks for what at allocation; `NONE` where the layer may choose. */
export interface AllocRequest {
  readonly cpu: number;
  readonly vector: number;
  readonly entry: number;
  /** First interrupt and number of interrupts of the block this one belongs to. */
  readonly first: number;
  readonly count: number;
  /** The block shares one message, so its vectors would have to be consecutive. */
  readonly contiguous: boolean;
  /** Reserve only: the real vector comes with the second activation. */
  readonly reserve: boolean;
  /** CPUs on which a vector is set aside for it, as `Machine.cpus` counts; empty: an ordinary one. */
  readonly managed: readonly number[];
}

export type Composed = { readonly message: Message } | { readonly error: Errno };

/**
 * How a new target is brought into a store that cannot be written at once. `cpu-down`: the old CPU
 * is about to go offline, its interrupts are off and stay off.
 */
export const UPDATE_WAYS = ['kernel', 'naive', 'two-step', 'msi-off', 'cpu-down'] as const;
export type UpdateWay = (typeof UPDATE_WAYS)[number];

export interface MoveRequest {
  readonly cpu: number;
  readonly vector: number;
  readonly how: UpdateWay;
  /** The store can take the whole message at once, or can be masked meanwhile. */
  readonly atomic: boolean;
  /** Table entry that is rewritten; the interrupt's own where none is named. */
  readonly entry?: number;
}

/** What the bus layer has to do for a move, in order; it does not look inside. */
export type Move = { readonly store: Message; readonly transient: boolean } | { readonly op: Op };
export type Moved = { readonly moves: readonly Move[] } | { readonly error: Errno };

/** A guest's request to the hypervisor. */
export interface Hypercall {
  readonly call: 'allocate' | 'compose' | 'free' | 'retarget';
  /** Realm whose software calls, and the realm it calls for: itself, as a rule. */
  readonly by: number;
  readonly behalf: number;
  readonly irq: number;
  /** Virtual CPU and guest vector the interrupt shall have. */
  readonly cpu: number;
  readonly vector: number;
}

export type HypercallAnswer = { readonly message: Message } | { readonly error: Errno };

/** What a layer can do. Every verb but `supports` works on one interrupt. */
export interface Verbs {
  /** Can interrupts with such a store be served from here? Null, or why not. */
  supports?(ctx: Ctx, layer: Layer, need: Need): Errno | null;
  /** Takes resources, the parent's first; gives all back on failure. */
  alloc?(ctx: Ctx, layer: Layer, irq: number, request: AllocRequest): Errno | null;
  free?(ctx: Ctx, layer: Layer, irq: number): void;
  /** Programs hardware, the parent's first. */
  activate?(ctx: Ctx, layer: Layer, irq: number, reserve: boolean): Errno | null;
  deactivate?(ctx: Ctx, layer: Layer, irq: number): void;
  /** Composes the message that makes the interrupt arrive. */
  compose?(ctx: Ctx, layer: Layer, irq: number): Composed;
  /** Puts a message where the device finds it. */
  store?(ctx: Ctx, layer: Layer, irq: number, message: Message): void;
  setAffinity?(ctx: Ctx, layer: Layer, irq: number, request: MoveRequest): Moved;
  /** Sends the interrupt straight to a virtual CPU's descriptor, or back to the host (null). */
  setVcpu?(ctx: Ctx, layer: Layer, irq: number, posting: Posting | null): Errno | null;
  mask?(ctx: Ctx, layer: Layer, irq: number): void;
  unmask?(ctx: Ctx, layer: Layer, irq: number): void;
}

/** An MSI parent serves a store when it has every feature the store can't do without. [LINUX 6.2] */
export function servesAsParent(ctx: Ctx, layer: Layer, need: Need): Errno | null {
  const parent = msiParent(ctx.machine, layer.index);
  return parent && missingFeatures(parent, need.store).length === 0 ? null : 'ENODEV';
}

/** The beliefs of a layer, as its own kind. A layer of another kind is a bug of ours. */
export function stateOf<K extends DomainKind>(
  ctx: { readonly domains: readonly DomainState[] },
  index: number,
  kind: K,
): Extract<DomainState, { kind: K }> {
  const state = ctx.domains[index];
  if (state.kind !== kind) throw new Error(`domain ${index} is ${state.kind}, not ${kind}`);
  return state as Extract<DomainState, { kind: K }>;
}
