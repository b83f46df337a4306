import {
  createKernel,
  type Kernel,
  type KernelEvent,
  type Layer,
  runKernel,
  scheduleAfter,
} from '../../src/index.ts';
import { processorMs, type Round } from './measure.ts';
import {
  addDelivery,
  BUS_NS,
  CPU_NS,
  DEVICES,
  drawGapNs,
  EVENTS,
  initialMsi64,
  type Msi64State,
  passes,
  REMAP_NS,
  SLOTS_PER_DEVICE,
} from './msi64.ts';

const RAISE = 0;
const BUS = 1;
const REMAP = 2;
const CPU = 3;

type Msi64Kernel = Kernel<Msi64State>;

function raise(state: Msi64State, event: KernelEvent, kernel: Msi64Kernel): void {
  const { a: device, b: slot } = event;
  scheduleAfter(kernel, BUS_NS, BUS, device, slot);
  scheduleAfter(kernel, drawGapNs(state), RAISE, device, (slot + 1) % SLOTS_PER_DEVICE);
}

function bus(_state: Msi64State, event: KernelEvent, kernel: Msi64Kernel): void {
  const { a: device, b: slot } = event;
  scheduleAfter(kernel, REMAP_NS, REMAP, device, device * SLOTS_PER_DEVICE + slot);
}

function remap(state: Msi64State, event: KernelEvent, kernel: Msi64Kernel): void {
  const { a: device, b: entry } = event;
  if (passes(state, device, entry)) scheduleAfter(kernel, CPU_NS, CPU, device, state.vector[entry]);
}

function cpu(state: Msi64State, event: KernelEvent): void {
  addDelivery(state, { timeNs: event.timeNs, device: event.a, vector: event.b });
}

const LAYERS: readonly Layer<Msi64State>[] = [
  { name: 'raise', handle: raise },
  { name: 'bus', handle: bus },
  { name: 'remap', handle: remap },
  { name: 'cpu', handle: cpu },
];

/** msi64 through the layered API of the project. */
export function runMsi64Kernel(count = EVENTS): Round {
  const state = initialMsi64();
  const kernel = createKernel({ state, layers: LAYERS });
  for (let device = 0; device < DEVICES; device++)
    scheduleAfter(kernel, drawGapNs(state), RAISE, device, 0);
  const start = processorMs();
  const events = runKernel(kernel, { maxEvents: count });
  return { ms: processorMs() - start, events, check: state.check };
}
