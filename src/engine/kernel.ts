import { type Agenda, scheduleAfter as addAfter, createAgenda, next } from './agenda.ts';

/** An event as its layer gets it: valid only while it is being handled. */
export interface KernelEvent {
  /** When it happens: now, integer nanoseconds. */
  readonly timeNs: number;
  /** Index of the layer it is for. */
  readonly kind: number;
  readonly a: number;
  readonly b: number;
}

/** A part of what is simulated: changes the state by one event and may schedule more. */
export interface Layer<S> {
  readonly name: string;
  readonly handle: Handler<S>;
}

export type Handler<S> = (state: S, event: KernelEvent, kernel: Kernel<S>) => void;

/** A simulation: the state its layers share, and what is still to come. */
export interface Kernel<S> {
  readonly state: S;
  readonly layers: readonly Layer<S>[];
  readonly agenda: Agenda;
  readonly handlers: readonly Handler<S>[];
}

/** How far a run goes; it ends early when no event is pending. */
export interface RunLimits {
  /** Events due later stay pending. */
  readonly untilNs?: number;
  readonly maxEvents?: number;
}

/**
 * A kernel of the given layers. `agenda`, when given, goes on from there; otherwise nothing is
 * pending at time 0. Throws RangeError when two layers share a name.
 */
export function createKernel<S>(parts: {
  readonly state: S;
  readonly layers: readonly Layer<S>[];
  readonly agenda?: Agenda;
}): Kernel<S> {
  const { state, layers, agenda = createAgenda() } = parts;
  const names = layers.map(layer => layer.name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new RangeError(`two layers are named ${twice}`);
  return { state, layers, agenda, handlers: layers.map(layer => layer.handle) };
}

/** Index of the layer named `name`. Throws RangeError when there is none. */
export function layerIndex<S>(kernel: Kernel<S>, name: string): number {
  const index = kernel.layers.findIndex(layer => layer.name === name);
  if (index < 0) throw new RangeError(`no layer is named ${name}`);
  return index;
}

/**
 * Adds an event for a layer, `delayNs` from now. `a` and `b` are signed 32-bit numbers the layer
 * gives meaning to. Throws RangeError when there is no such layer, when the delay is negative or
 * not an integer, or when `a` or `b` is out of its range.
 */
export function scheduleAfter<S>(
  kernel: Kernel<S>,
  delayNs: number,
  layer: number,
  a: number,
  b: number,
): void {
  if (layer < 0 || layer >= kernel.handlers.length) throw noLayer(layer);
  addAfter(kernel.agenda, delayNs, layer, a, b);
}

/** Handles events in the order of the agenda's law until a limit is met; returns how many. */
export function run<S>(kernel: Kernel<S>, limits: RunLimits = {}): number {
  const { untilNs = Number.POSITIVE_INFINITY, maxEvents = Number.POSITIVE_INFINITY } = limits;
  const { agenda, handlers, state } = kernel;
  let events = 0;
  while (events < maxEvents && next(agenda, untilNs)) {
    events++;
    const handle = handlers[agenda.kind];
    handle(state, agenda, kernel);
  }
  return events;
}

/** Handles one event. False when none is pending. */
export const step = <S>(kernel: Kernel<S>): boolean => run(kernel, { maxEvents: 1 }) === 1;

const noLayer = (layer: number): RangeError => new RangeError(`no layer has index ${layer}`);
