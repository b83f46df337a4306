import { type Agenda, createAgenda, scheduleAfter as later, next } from './agenda.ts';

/** What happens, and when; valid only while it is handled. */
export interface KernelEvent {
  readonly timeNs: number;
  /** Index of the layer it is for. */
  readonly kind: number;
  readonly a: number;
  readonly b: number;
}

/** A part of the simulated machine: changes the state by one event, and may schedule more. */
export interface Layer<S> {
  readonly name: string;
  readonly handle: (state: S, event: KernelEvent, kernel: Kernel<S>) => void;
}

/** A simulation: layers, the state they share, and what is still to come. */
export interface Kernel<S> {
  readonly state: S;
  readonly layers: readonly Layer<S>[];
  agenda: Agenda;
}

export function createKernel<S>(parts: { state: S; layers: readonly Layer<S>[] }): Kernel<S> {
  return { state: parts.state, layers: [...parts.layers], agenda: createAgenda() };
}

export function scheduleAfter<S>(
  kernel: Kernel<S>,
  delayNs: number,
  layer: number,
  a: number,
  b: number,
): void {
  later(kernel.agenda, delayNs, layer, a, b);
}

export function run<S>(
  kernel: Kernel<S>,
  limits: { untilNs?: number; maxEvents?: number } = {},
): number {
  const { untilNs = Number.POSITIVE_INFINITY, maxEvents = Number.POSITIVE_INFINITY } = limits;
  const { agenda, layers, state } = kernel;
  let events = 0;
  while (events < maxEvents && next(agenda, untilNs)) {
    events++;
    layers[agenda.kind].handle(state, agenda, kernel);
  }
  return events;
}
