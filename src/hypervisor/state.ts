import type { Ctx } from '../domains/verbs.ts';
import type { Machine } from '../model/machine.ts';
import type { Message } from '../model/wire.ts';
import { initialStore, type StoreState } from '../units/store.ts';

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
}

/** An interrupt of an assigned device on its way to a virtual CPU. */
export interface Binding {
  guest: number;
  /** Virtual CPU, as `Machine.cpus` counts, and its vector. */
  cpu: number;
  vector: number;
  /** What the host composed, and the device may send. */
  message: Message;
}

/** The hypervisor's own door: beliefs of all layers, and its own. */
export interface HvCtx extends Ctx {
  readonly hv: HypervisorState;
}

export const initialHypervisor = (machine: Machine): HypervisorState => ({
  owners: machine.devices.map(device => device.owner),
  protected: machine.devices.map(device => (device.reach === 'trapped' ? 1 : 0)),
  virtual: machine.devices.map(initialStore),
  bindings: {},
});
