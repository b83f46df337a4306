import seedrandom from 'seedrandom';
import { type Word, word } from '../bits/word.ts';

/**
 * Named random streams. Each is seeded from the run's seed and its own name, so that adding one
 * does not shift the others; its four words live in the state and go with it into checkpoints.
 */
export type RandomStreams = Record<string, Word[]>;

function seeded(seed: number, name: string): Word[] {
  const source = seedrandom(`${seed}/${name}`);
  return [0, 1, 2, 3].map(() => word(source.int32()));
}

/** The next 32-bit word of a stream. Generator: xor128, period 2^128 - 1. [Marsaglia 2003] */
export function drawWord(streams: RandomStreams, seed: number, name: string): Word {
  streams[name] ??= seeded(seed, name);
  const s = streams[name];
  const t = s[0] ^ (s[0] << 11);
  s[0] = s[1];
  s[1] = s[2];
  s[2] = s[3];
  s[3] = word(s[3] ^ (s[3] >>> 19) ^ t ^ (t >>> 8));
  return s[3];
}

/** A number below `n`, from 1 to 2^32, each equally likely. */
export function drawBelow(streams: RandomStreams, seed: number, name: string, n: number): number {
  const limit = 2 ** 32 - (2 ** 32 % n);
  for (;;) {
    const draw = drawWord(streams, seed, name);
    if (draw < limit) return draw % n;
  }
}
