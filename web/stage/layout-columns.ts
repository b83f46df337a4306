import { MARGIN } from './layout-sizes.ts';

/** A stretch of the width. */
export interface Span {
  readonly x: number;
  readonly w: number;
}

/** Where the columns of the row stand. */
export interface Columns {
  readonly cpu: Span;
  readonly unit: Span;
  readonly bridge: Span;
  readonly device: Span;
  readonly busX: number;
}

/** The columns for a width, with or without one for a remap unit. */
export function columnsOf(width: number, withUnit: boolean): Columns {
  const inner = width - 2 * MARGIN;
  const at = (from: number, to: number): Span => ({
    x: MARGIN + inner * from,
    w: inner * (to - from),
  });
  return withUnit
    ? {
        cpu: at(0.01, 0.19),
        unit: at(0.235, 0.45),
        bridge: at(0.505, 0.62),
        device: at(0.715, 0.995),
        busX: MARGIN + inner * 0.665,
      }
    : {
        cpu: at(0.01, 0.21),
        unit: at(0.3, 0.3),
        bridge: at(0.36, 0.53),
        device: at(0.715, 0.995),
        busX: MARGIN + inner * 0.635,
      };
}
