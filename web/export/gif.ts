import { applyPalette, GIFEncoder, type Palette, quantize } from 'gifenc';
import type { LoadedRun } from '../app/loaded-run.ts';
import { EN } from '../i18n/en.ts';
import { type Clock, restAt } from '../time/clock.ts';
import type { Exporting } from './export.ts';
import { draw } from './raster.ts';
import { openStudio, type Studio } from './studio.ts';

/** A frame of the film: a moment of presentation time, and how long it stands, in milliseconds. */
export interface Frame {
  readonly timeMs: number;
  readonly holdMs: number;
}

/** Room of the film; wide pictures are not wider. */
const ROOM = { width: 720, height: 460 };
const SPEED = 1.5;
/** Pictures of one movement besides its end; shorter records move nothing far. */
const SHARES = [0.25, 0.5, 0.75];
const MOVEMENT_MS = 800;
const FRAMES_MAX = 240;
const LAST_HOLD_MS = 2000;
const COLOURS = 63;
const FORMAT = 'rgb444';
/** Stands for what stays as it was; whatever colour it has is not seen. */
const UNSEEN = [0, 0, 0];
/** A picture is drawn over the one before it. */
const KEEP = 1;

/**
 * Moments worth a picture: each record at rest, and its movement in a few steps. They are chosen by
 * presentation time, so that the same run makes the same film.
 */
export function framesOf({ start, end }: Clock): Frame[] {
  const times = [0];
  for (const [seq, from] of start.entries()) {
    const length = end[seq] - from;
    if (length === 0) continue;
    const shares = length < MOVEMENT_MS ? [1] : [...SHARES, 1];
    for (const share of shares) times.push(from + length * share);
  }
  const ordered = [...new Set(times)].sort((a, b) => a - b);
  const every = Math.ceil(ordered.length / FRAMES_MAX);
  const chosen = ordered.filter((_, i) => i % every === 0 || i === ordered.length - 1);
  return chosen.map((timeMs, i) => ({
    timeMs,
    holdMs: i + 1 < chosen.length ? (chosen[i + 1] - timeMs) / SPEED : LAST_HOLD_MS,
  }));
}

/** The run as moving pictures. */
export async function gifOf({ run, tell }: Exporting): Promise<Blob> {
  const frames = framesOf(run.clock);
  const studio = openStudio(run, ROOM);
  const encoder = GIFEncoder();
  let before = new Uint8Array();
  try {
    const palette = await paletteOf(run, studio);
    for (const [i, { timeMs, holdMs }] of frames.entries()) {
      const { data, width, height } = await dotsAt(studio, timeMs);
      const dots = applyPalette(data, palette, FORMAT);
      const first = i === 0;
      // The first picture has the colours for all of them; later ones say only what is new.
      encoder.writeFrame(first ? dots : changed(before, dots, palette.length), width, height, {
        ...(first && { palette: [...palette, UNSEEN] }),
        delay: holdMs,
        repeat: 0,
        dispose: KEEP,
        transparent: !first,
        transparentIndex: palette.length,
      });
      before = dots;
      if (i % 8 === 0) tell(EN.share.progress(i + 1, frames.length));
    }
  } finally {
    studio.close();
  }
  encoder.finish();
  return new Blob([encoder.bytes().slice()], { type: 'image/gif' });
}

/** Dots that are others than before; the rest lets the picture before show through. */
const changed = (before: Uint8Array, now: Uint8Array, same: number): Uint8Array =>
  now.map((dot, i) => (dot === before[i] ? same : dot));

async function dotsAt(studio: Studio, timeMs: number): Promise<ImageData> {
  const context = await draw(studio.atTime(timeMs), 1);
  return context.getImageData(0, 0, context.canvas.width, context.canvas.height);
}

/** Colours of the whole film: those of its verdicts and of its end. */
async function paletteOf({ clock, data, verdicts }: LoadedRun, studio: Studio): Promise<Palette> {
  const moments = [...verdicts.slice(0, SAMPLES_MAX), data.trace.length - 1];
  const samples: number[] = [];
  for (const seq of moments) {
    const { data: dots } = await dotsAt(studio, restAt(clock, seq));
    for (let i = 0; i < dots.length; i++) samples.push(dots[i]);
  }
  return quantize(Uint8ClampedArray.from(samples), COLOURS, { format: FORMAT });
}

const SAMPLES_MAX = 5;
