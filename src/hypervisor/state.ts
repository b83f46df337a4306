import { FIRST_TABLE } from '../domains/remap.ts';
import type { Ctx } from '../domains/verbs.ts';
import type { Machine } from '../model/machine.ts';
import type { Message } from '../model/wire.ts';
import { initialStore, type StoreState } from '../units/store.ts';
import type { VtdState } from '../units/vtd.ts';
import { initialVtd } from '../units/vtd-state.ts';

/** What the hypervisor believes and keeps for its guests. */
export interface HypervisorState {
  /** The realm each device belongs to now. */
  owners: number[];
  /** By device: 1 while accesses of its owner to the store trap. */
  protected: number[];
  /** By device: the store as its owner sees it, where accesses trap. */
  virtual: StoreState[];
  /** Where the host sends what an assigned device raises, by interrupt. */
  bindings: Record<number, Binding>;
  /** Realm, other than the owner, that may bind an interrupt, by interrupt. */
  rights: Record<number, number>;
  /** Remap units emulated for guests, by realm. */
  units: Record<number, VtdState>;
}

/** An interrupt of an assigned device on its way to a virtual CPU. */
export interface Binding {
  guest: number;
  /** Virtual CPU, as `Machine.cpus` counts, and its vector; `NONE` while it is sent nowhere. */
  cpu: number;
  vector: number;
  /** What the host composed, and the device may send. */
  message: Message;
  /** 1 while its entry posts into the descriptor of the virtual CPU. */
  posted: number;
}

/** The hypervisor's own door: beliefs of all layers, its own, and devices it may read. */
export interface HvCtx extends Ctx {
  readonly hv: HypervisorState;
  /** Reads what a slot of a device holds now. */
  readonly readStore: (device: number, slot: number) => Message;
}

/** The hypervisor before it did anything: devices are with their owners, nothing is bound. */
export const initialHypervisor = (machine: Machine): HypervisorState => ({
  owners: machine.devices.map(device => device.owner),
  protected: machine.devices.map(device => (device.reach === 'trapped' ? 1 : 0)),
  virtual: machine.devices.map(initialStore),
  bindings: {},
  rights: {},
  units: Object.fromEntries(
    machine.realms.flatMap(({ viommu }, realm) =>
      viommu ? [[realm, initialVtd(viommu, FIRST_TABLE)]] : [],
    ),
  ),
});
