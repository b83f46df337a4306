/**
 * The workload msi64: 64 devices raise messages at random, each message takes three hops (bus,
 * remap unit with an entry lookup, CPU), so that it is four events and about 96 are pending.
 * What every implementation of it must agree on.
 */
export const DEVICES = 64;
export const SLOTS_PER_DEVICE = 16;
export const BUS_NS = 100;
export const REMAP_NS = 300;
export const CPU_NS = 100;
export const EVENTS = 2_000_000;

export const MEAN_GAP_NS = 1000;
const GAPS = 1024;
const FIRST_RID = 0x100;
const FIRST_VECTOR = 0x20;
const VECTORS = 128;

/** What the layers of msi64 share; `check` depends on every delivery and on their order. */
export interface Msi64State {
  random: number;
  check: number;
  readonly gapsNs: readonly number[];
  readonly present: readonly number[];
  readonly source: readonly number[];
  readonly vector: readonly number[];
}

/** Exponential gaps in whole nanoseconds, at the middles of equal shares. */
export const gapsNs = (meanNs: number): number[] =>
  Array.from({ length: GAPS }, (_, i) => Math.floor(-meanNs * Math.log((i + 0.5) / GAPS) + 0.5));

export function initialMsi64(): Msi64State {
  const entries = Array.from({ length: DEVICES * SLOTS_PER_DEVICE }, (_, index) => index);
  return {
    random: 1,
    check: 0,
    gapsNs: gapsNs(MEAN_GAP_NS),
    present: entries.map(() => 1),
    source: entries.map(index => sourceOf(Math.floor(index / SLOTS_PER_DEVICE))),
    vector: entries.map(index => FIRST_VECTOR + (index % VECTORS)),
  };
}

export const sourceOf = (device: number): number => FIRST_RID + device;

/** Draws from a table of `GAPS` gaps. */
export function drawGapNs(state: { random: number; readonly gapsNs: readonly number[] }): number {
  state.random = (Math.imul(state.random, 1664525) + 1013904223) | 0;
  return state.gapsNs[state.random >>> 22];
}

/** The entry lets the device's message through. */
export const passes = (state: Msi64State, device: number, entry: number): boolean =>
  state.present[entry] === 1 && state.source[entry] === sourceOf(device);

/** Adds a delivery to the checksum. */
export function addDelivery(
  state: Msi64State,
  delivery: { readonly timeNs: number; readonly device: number; readonly vector: number },
): void {
  const { timeNs, device, vector } = delivery;
  state.check = Math.imul(state.check ^ (device << 16) ^ (vector << 24) ^ timeNs, 0x01000193);
}
