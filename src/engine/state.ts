import { AMD_CONTROL, DEVTAB_BASE, DTE } from '../arch/amdvi.ts';
import type { Errno } from '../arch/linux.ts';
import { encode } from '../bits/layout.ts';
import type { Word } from '../bits/word.ts';
import { initialBus } from '../domains/bus.ts';
import { initialHcall } from '../domains/hcall.ts';
import { FIRST_TABLE, initialRemap } from '../domains/remap.ts';
import { amdTableRoot, requesterIds } from '../domains/remap-amdvi.ts';
import { initialVector } from '../domains/vector-state.ts';
import type { DomainState } from '../domains/verbs.ts';
import { type HypervisorState, initialHypervisor } from '../hypervisor/state.ts';
import type { AmdPlan, DomainSpec, Machine } from '../model/machine.ts';
import type { InvalidateOp, Op } from '../model/op.ts';
import type { Program } from '../model/program.ts';
import type { InterruptRequest, Message } from '../model/wire.ts';
import { type AmdState, deviceEntryAddress, entryAddress, PAGE_BYTES } from '../units/amdvi.ts';
import { type ApicState, initialApic } from '../units/apic.ts';
import { initialDescriptor } from '../units/posted.ts';
import { initialStore, type StoreState } from '../units/store.ts';
import type { VtdState } from '../units/vtd.ts';
import { initialVtd } from '../units/vtd-state.ts';

/** Everything that changes while a machine runs: plain numbers, lists and records. */
export interface State {
  timeNs: number;
  /** Local APICs, by index in `Machine.cpus`. */
  apics: ApicState[];
  remap: RemapState;
  /** Invalidations queued and not done yet, oldest first. */
  invalidations: InvalidateOp[];
  /** Message stores, by device. */
  stores: StoreState[];
  /** Messages on their way; null marks a free place. */
  flights: (Flight | null)[];
  /** Posted interrupt descriptors, 16 words, by index in `Machine.cpus`; empty for physical CPUs. */
  descriptors: Word[][];
  /** What each software layer believes. */
  domains: DomainState[];
  hypervisor: HypervisorState;
  /** Stacks that could not be created, by `realm/device`. */
  refused: Record<string, Errno>;
  threads: Thread[];
  /** Named random streams, each four words. */
  random: Record<string, Word[]>;
}

export type RemapState = { kind: 'none' } | VtdState | AmdState;

/** A message between a device and the local APICs. */
export interface Flight {
  message: Message;
  rid: number;
  pasid: number;
  device: number;
  hop: 'bus' | 'remap' | 'apic';
  /** What reaches the APICs, once the remap unit let it through. */
  request: InterruptRequest | null;
}

/** Position in a list of steps. */
export interface Frame {
  sequence: number;
  next: number;
  rounds: number;
}

/** A thread of the script: its position, and the operations its last step left behind. */
export interface Thread {
  frames: Frame[];
  ops: Op[];
  /** Thread that waits for this one; -1 for the script itself. */
  parent: number;
  /** Threads this one waits for. */
  children: number;
  /** 1 while its next step waits until nothing else is going on. */
  quiet: number;
  /** When its last step began. */
  startedNs: number;
  /** Realm of its last step. */
  by: number;
}

/** Pages of a device table that has an entry for every requester id, less one. [AMD 3.4.1] */
const WHOLE_DEVICE_TABLE = 0x1ff;

function initialAmd(machine: Machine, plan: AmdPlan): AmdState {
  const deviceTable: Record<number, Word[]> = {};
  const tables: Record<number, Record<number, Word[]>> = {};
  const pass = (mode: 'init' | 'nmi' | 'extint'): number => (plan.pass.includes(mode) ? 1 : 0);
  for (const device of machine.devices) {
    const intTabRoot = amdTableRoot(machine, device);
    tables[intTabRoot] = {};
    for (const rid of requesterIds(machine, device))
      deviceTable[rid] = encode(DTE, {
        v: 1,
        tv: 1,
        iv: plan.intValid ? 1 : 0,
        intTabLen: Math.log2(plan.entries),
        intTabRoot,
        initPass: pass('init'),
        nmiPass: pass('nmi'),
        eIntPass: pass('extint'),
        intCtl: plan.intCtl,
      });
  }
  const bad = plan.unreadable;
  const state: AmdState = {
    kind: 'amdvi',
    control: encode(AMD_CONTROL, {
      iommuEn: plan.enabled ? 1 : 0,
      gaEn: plan.entryBits === 128 ? 1 : 0,
      xtEn: plan.xten ? 1 : 0,
    }),
    deviceTableBase: encode(DEVTAB_BASE, { size: WHOLE_DEVICE_TABLE }),
    deviceTable,
    tables,
    unreadable: [],
    cache: {},
    events: [],
    status: 0,
  };
  const rids = Object.keys(deviceTable).map(Number);
  const roots = Object.keys(tables).map(Number);
  const addresses = [
    ...(bad.includes('device-table') ? rids.map(rid => deviceEntryAddress(state, rid)) : []),
    ...(bad.includes('table') ? roots.map(root => entryAddress(state, root, 0)) : []),
  ];
  state.unreadable = [...new Set(addresses.map(address => Math.floor(address / PAGE_BYTES)))];
  return state;
}

/** The machine's remap unit as software has set it up at boot. */
export function initialRemapUnit(machine: Machine): RemapState {
  const plan = machine.remap;
  switch (plan.kind) {
    case 'none':
      return { kind: 'none' };
    case 'vtd':
      return initialVtd(plan, FIRST_TABLE);
    case 'amdvi':
      return initialAmd(machine, plan);
  }
}

/** What a layer believes at the start. */
export function initialDomain(machine: Machine, domain: DomainSpec): DomainState {
  switch (domain.kind) {
    case 'vector':
      return initialVector(machine, domain.realm);
    case 'remap':
      return initialRemap();
    case 'hcall':
      return initialHcall();
    default:
      return initialBus(domain.kind);
  }
}

/** The state at time 0: hardware as firmware and the boot of the host leave it. */
export function initialState(machine: Machine, program: Program): State {
  const script = program.sequences[0].length > 0 ? [{ sequence: 0, next: 0, rounds: 1 }] : [];
  return {
    timeNs: 0,
    apics: machine.cpus.map(cpu => initialApic(cpu, machine.taskPriority)),
    remap: initialRemapUnit(machine),
    invalidations: [],
    stores: machine.devices.map(initialStore),
    flights: [],
    descriptors: machine.cpus.map(cpu => initialDescriptor(machine, cpu)),
    hypervisor: initialHypervisor(machine),
    domains: machine.domains.map(domain => initialDomain(machine, domain)),
    refused: {},
    threads: [
      {
        frames: script,
        ops: [],
        parent: -1,
        children: 0,
        quiet: 1,
        startedNs: 0,
        by: 0,
      },
    ],
    random: {},
  };
}
