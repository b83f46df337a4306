import { DOMAIN_VERBS } from '../domains/kinds.ts';
import { hypercall } from '../hypervisor/hypercall.ts';
import type { HvCtx } from '../hypervisor/state.ts';
import type { Machine } from '../model/machine.ts';
import type { Op } from '../model/op.ts';
import type { Out } from '../model/out.ts';
import type { Program } from '../model/program.ts';
import type { AmdSpec } from '../units/amdvi.ts';
import { messageOf } from '../units/store.ts';
import type { VtdSpec } from '../units/vtd.ts';
import type { State } from './state.ts';

/** What can happen next: the kinds of events, in the order of `EVENT_KINDS`. */
export const EVENT_KINDS = ['thread', 'hop', 'service', 'eoi', 'invalidate', 'action'] as const;
export type EventKind = (typeof EVENT_KINDS)[number];

/** Place of a kind in `EVENT_KINDS`: how the agenda knows it. */
export const EVENT = {
  thread: 0,
  hop: 1,
  service: 2,
  eoi: 3,
  invalidate: 4,
  action: 5,
} as const;
export type EventCode = (typeof EVENT)[EventKind];

/** An event: a thread goes on, a message moves, a CPU takes or ends an interrupt. */
export interface Event {
  readonly kind: EventKind;
  /** Index of the thread, flight, CPU or action. */
  readonly of: number;
}

/** What a run is made of, besides its state. */
export interface Env {
  readonly machine: Machine;
  readonly program: Program;
  /** Seed of all random streams. */
  readonly seed: number;
  /** Derived once from the machine. */
  readonly plan: Plan;
  /** The one door of choice. */
  readonly pick: (n: number, label: string) => number;
  /** What the host does with a vector of its own, such as the wakeup of a virtual CPU. */
  readonly onSystemVector: (
    env: Env,
    state: State,
    out: Out,
    at: { readonly cpu: number; readonly vector: number },
  ) => void;
  /** Says when something goes on; drivers that explore orders ignore it. */
  readonly schedule: (delayNs: number, code: EventCode, of: number) => void;
}

/** A remap unit as its own code wants it described. */
export type RemapSpec = { readonly kind: 'none' } | VtdSpec | AmdSpec;

/** Lookups the machine implies. */
export interface Plan {
  readonly remap: RemapSpec;
  /** Physical CPUs, for addressing. */
  readonly physical: Machine['cpus'];
  /** Vector domain by realm; -1 where a realm has none. */
  readonly vectorDomain: readonly number[];
  /** Position of a CPU in its realm's list. */
  readonly position: readonly number[];
  /** Irq by device and slot. */
  readonly irq: readonly (readonly number[])[];
  /** Virtual CPU that owns a physical one outright; -1 where none does. */
  readonly directVcpu: readonly number[];
  /** Devices that are IO-APICs. */
  readonly ioapics: readonly number[];
}

/** Derives the lookups of a machine. */
export function makePlan(machine: Machine): Plan {
  const { cpus, realms, devices, domains, irqs } = machine;
  const { remap, off } = machine;
  return {
    remap: remap.kind === 'none' ? remap : { ...remap, off },
    physical: cpus.filter(cpu => cpu.runsOn < 0),
    vectorDomain: realms.map((_, realm) =>
      domains.findIndex(d => d.kind === 'vector' && d.realm === realm),
    ),
    position: cpus.map((cpu, index) => realms[cpu.realm].cpus.indexOf(index)),
    irq: devices.map((device, index) =>
      Array.from({ length: device.slots }, (_, slot) =>
        irqs.findIndex(irq => irq.device === index && irq.slot === slot),
      ),
    ),
    directVcpu: cpus.map((_, physical) =>
      cpus.findIndex(
        vcpu => vcpu.runsOn === physical && realms[vcpu.realm].interrupts === 'direct',
      ),
    ),
    ioapics: devices.flatMap((device, index) => (device.store === 'ioapic' ? [index] : [])),
  };
}

/** The door layers and the hypervisor get: beliefs, and a list that takes their operations. */
export function domainCtx(env: Env, state: State, out: Out, ops: Op[]): HvCtx {
  const ctx: HvCtx = {
    machine: env.machine,
    domains: state.domains,
    verbs: DOMAIN_VERBS,
    hv: state.hypervisor,
    ops,
    out,
    hypercall: call => hypercall(ctx, call),
    readStore: (device, slot) => messageOf(env.machine.devices[device], state.stores[device], slot),
  };
  return ctx;
}
