/** How the page behaves inside another one, from its address: `?embed=1&from=3&to=20`. */
export interface EmbedSettings {
  /** The other page shows through. */
  readonly transparent: boolean;
  /** A step every so many milliseconds until somebody touches it; 0 for never. */
  readonly stepMs: number;
}

/** Records that are shown, first and last; the rest of the run is left out. */
export interface Range {
  readonly first: number;
  readonly last: number;
}

/** Null where the page stands on its own. */
export function embedIn(search: string): EmbedSettings | null {
  const given = new URLSearchParams(search);
  if (given.get('embed') !== '1') return null;
  const seconds = Number(given.get('autostep') ?? 0);
  const isSensible = Number.isFinite(seconds) && seconds >= LEAST_S;
  return {
    transparent: given.get('transparent') === '1',
    stepMs: isSensible ? seconds * 1000 : 0,
  };
}

/** Quicker steps could not be followed. */
const LEAST_S = 0.5;

/** The records to show, from the address: as it counts them, from 1. */
export function rangeIn(search: string): Range | null {
  const given = new URLSearchParams(search);
  const [from, to] = [given.get('from'), given.get('to')].map(text => Number(text ?? Number.NaN));
  if (!Number.isInteger(from) && !Number.isInteger(to)) return null;
  return {
    first: Number.isInteger(from) ? from - 1 : -1,
    last: Number.isInteger(to) ? to - 1 : Number.MAX_SAFE_INTEGER,
  };
}

/** A record within what is shown of a run of `length` records. */
export function within(range: Range | null, length: number, seq: number): number {
  const first = Math.max(-1, Math.min(range?.first ?? -1, length - 1));
  const last = Math.max(first, Math.min(range?.last ?? length - 1, length - 1));
  return Math.max(first, Math.min(last, seq));
}
