import type { Errno } from '../arch/linux.ts';
import type { MsiDuty } from '../arch/msi-parent.ts';
import type { Word } from '../bits/word.ts';
import type { CheckResult } from './check.ts';
import type { DomainKind, TrapAction } from './machine.ts';
import type { RemapOutcome } from './remap.ts';
import type { InterruptRequest, Message } from './wire.ts';

/**
 * What every line of the trace carries. A record says what happened, where, and because of what;
 * it never says whether that was right.
 */
export interface RecordBase {
  readonly seq: number;
  readonly timeNs: number;
  /** Sequence numbers of the records without which this one would not be. */
  readonly causes: readonly number[];
  /** Realm, device or unit that acts. */
  readonly actor: string;
  /** The thing acted upon, such as `nic0.msi[0]`, `ir.irte[43]`, `p0.irr[0x22]`. */
  readonly where: string;
  /** Rules evaluated on the way, in order. */
  readonly checks: readonly CheckResult[];
}

/** What happened, by `act`. Words are unsigned 32-bit numbers. */
export type Happening =
  | { readonly act: 'step'; readonly step: number; readonly verb: string; readonly label: string }
  | { readonly act: 'result'; readonly step: number; readonly error: Errno | null }
  | {
      readonly act: 'choice';
      readonly label: string;
      readonly options: number;
      readonly picked: number;
    }
  | CreateHappening
  | AssignHappening
  | AllocHappening
  | { readonly act: 'activate' | 'deactivate'; readonly domain: string; readonly irq: string }
  | FreeHappening
  | ComposeHappening
  | PutHappening
  | { readonly act: 'forge'; readonly irq: string; readonly message: Message }
  | WriteHappening
  | TrapHappening
  | HypercallHappening
  | ReadbackHappening
  | RouteHappening
  | { readonly act: 'right'; readonly irq: string; readonly realm: string; readonly given: boolean }
  | {
      readonly act: 'bind' | 'unbind' | 'unpost';
      readonly irq: string;
      readonly cpu: string;
      readonly vector: number;
    }
  | InvalidateHappening
  | { readonly act: 'raise'; readonly irq: string; readonly outcome: RaiseResult }
  | EmitHappening
  | {
      readonly act: 'retag';
      readonly flight: number;
      readonly bridge: string;
      readonly before: number;
      readonly after: number;
    }
  | { readonly act: 'stray'; readonly flight: number; readonly message: Message }
  | {
      readonly act: 'translate';
      readonly flight: number;
      readonly table: number;
      readonly message: Message;
      readonly rid: number;
      readonly outcome: RemapOutcome;
    }
  | FaultHappening
  | DeliverHappening
  | {
      readonly act: 'post';
      readonly flight: number;
      readonly descriptor: string;
      readonly vector: number;
      readonly before: readonly Word[];
      readonly after: readonly Word[];
      readonly notify: boolean;
    }
  | ServiceHappening
  | { readonly act: 'reset'; readonly of: string }
  | { readonly act: 'boot'; readonly kernel: 'kernel' | 'crash-kernel' }
  | { readonly act: 'eoi'; readonly cpu: string; readonly vector: number }
  | {
      readonly act: 'cpu';
      readonly cpu: string;
      readonly change:
        | 'interrupts-off'
        | 'interrupts-on'
        | 'offline'
        | 'online'
        | 'running'
        | 'preempted'
        | 'blocked';
    };

/** One line of the trace. */
export type TraceRecord = RecordBase & Happening;

/** What became of the device's wish to raise. */
export type RaiseResult = 'sent' | 'pending' | 'disabled' | 'ignored' | 'pasid-mismatch';

/** A layer of a stack came to be, or refused to. */
export interface CreateHappening {
  readonly act: 'create';
  readonly domain: string;
  readonly kind: DomainKind;
  readonly error: Errno | null;
  readonly reason: string;
  /** What its parent asks of it. */
  readonly required: readonly MsiDuty[];
}

/** A device was handed to a guest, or that was refused. */
export interface AssignHappening {
  readonly act: 'assign';
  readonly device: string;
  readonly realm: string;
  readonly verdict: 'isolated' | 'unsafe' | 'refused';
  readonly error: Errno | null;
}

/** A layer gave a resource to an interrupt, or failed to. `vector`, `entry`: -1 where not. */
export interface AllocHappening {
  readonly act: 'alloc';
  readonly domain: string;
  readonly kind: DomainKind;
  readonly irq: string;
  readonly cpu: string;
  readonly vector: number;
  /** Table and index of a remapping entry. */
  readonly table: number;
  readonly entry: number;
  readonly error: Errno | null;
}

export interface FreeHappening {
  readonly act: 'free';
  readonly domain: string;
  readonly kind: DomainKind;
  readonly irq: string;
  readonly cpu: string;
  readonly vector: number;
  readonly table: number;
  readonly entry: number;
}

export interface ComposeHappening {
  readonly act: 'compose';
  readonly domain: string;
  readonly kind: DomainKind;
  readonly irq: string;
  readonly message: Message | null;
  readonly error: Errno | null;
}

/** A bus layer begins to put a message into a slot; the writes follow. */
export interface PutHappening {
  readonly act: 'put';
  readonly domain: string;
  readonly irq: string;
  readonly message: Message;
  /** A deliberate step on the way to another message. */
  readonly transient: boolean;
  /** Its writes trap: it goes into the store as the guest sees it. */
  readonly trapped: boolean;
}

/** Words changed: of a message store, a table, a register, a descriptor. */
export interface WriteHappening {
  readonly act: 'write';
  readonly unit:
    | 'store'
    | 'function'
    | 'table'
    | 'device-table'
    | 'register'
    | 'descriptor'
    | 'virtual-store'
    | 'virtual-table';
  /** Device, table, unit, or guest whose emulated unit it is. */
  readonly of: string;
  /** Slot, index or requester id; -1 where there is none. */
  readonly at: number;
  /** First word changed. */
  readonly first: number;
  readonly before: readonly Word[];
  readonly after: readonly Word[];
}

export interface TrapHappening {
  readonly act: 'trap';
  readonly device: string;
  readonly slot: number;
  readonly first: number;
  readonly words: readonly Word[];
  readonly action: TrapAction;
}

/** The hypervisor read a message back from the device, to find the entry of an interrupt by it. */
export interface ReadbackHappening {
  readonly act: 'readback';
  readonly device: string;
  readonly slot: number;
  readonly irq: string;
  readonly message: Message;
}

/** The unit the hypervisor emulates for a guest decided about a message of the guest. */
export interface RouteHappening {
  readonly act: 'route';
  readonly guest: string;
  readonly irq: string;
  readonly message: Message;
  readonly outcome: RemapOutcome;
}

export interface HypercallHappening {
  readonly act: 'hypercall';
  readonly call: 'allocate' | 'compose' | 'free' | 'retarget';
  /** Guest it is made for; empty where the caller means itself. */
  readonly behalf: string;
  readonly irq: string;
  readonly message: Message | null;
  readonly error: Errno | null;
}

/** Cached entries are to go (`queue`), or are gone (`invalidate`). */
export interface InvalidateHappening {
  readonly act: 'queue' | 'invalidate';
  readonly scope: 'global' | 'index' | 'device';
  readonly index: number;
  readonly count: number;
  /** Requester id, where the scope is a device; else -1. */
  readonly rid: number;
}

/** A device put a message on the bus. */
export interface EmitHappening {
  readonly act: 'emit';
  readonly device: string;
  /** Interrupt whose slot the message came from; empty for one written without a slot. */
  readonly irq: string;
  readonly message: Message;
  readonly rid: number;
  readonly pasid: number;
  readonly kind: 'store' | 'dma';
  /** Place among the messages on their way; used again once the message has landed. */
  readonly flight: number;
}

export interface FaultHappening {
  readonly act: 'fault';
  readonly flight: number;
  readonly unit: string;
  /** Such as `vtd/0x26`. */
  readonly reason: string;
  readonly name: string;
  readonly rid: number;
  readonly entry: number;
  readonly fate: 'recorded' | 'suppressed' | 'overflow' | 'silent';
}

/** An interrupt request reached a local APIC, or found none. */
export interface DeliverHappening {
  readonly act: 'deliver';
  readonly cpu: string;
  /** The message it came from; -1 where software sent it. */
  readonly flight: number;
  readonly request: InterruptRequest;
  readonly outcome:
    | 'accepted'
    | 'coalesced'
    | 'illegal-vector'
    | 'reserved-mode'
    | 'offline'
    | 'no-target';
  /**
   * `wire`: a device's message. `inject`, `retrigger`: software. `notify`: the notification of a
   * posted interrupt. `posted`: what the descriptor held.
   */
  readonly via: 'wire' | 'inject' | 'retrigger' | 'notify' | 'posted';
  /** Interrupt that is injected; empty otherwise. */
  readonly irq: string;
}

/** A CPU took an interrupt. */
export interface ServiceHappening {
  readonly act: 'service';
  readonly cpu: string;
  readonly vector: number;
  readonly mode: 'fixed' | 'nmi' | 'smi' | 'init' | 'extint';
  /** Interrupt whose handler ran; empty when nobody had asked for this vector. */
  readonly irq: string;
  readonly outcome: 'handled' | 'spurious' | 'expected-spurious' | 'system' | 'forwarded';
}
