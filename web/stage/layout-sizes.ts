/** Heights and gaps of the row, in pixels. */
export interface Sizes {
  readonly margin: number;
  readonly title: number;
  readonly lane: number;
  readonly cpu: number;
  readonly small: number;
  readonly box: number;
  readonly line: number;
  readonly gap: number;
  readonly words: number;
  readonly slab: number;
  readonly chip: number;
  readonly hypervisor: number;
  readonly bandGap: number;
}

/** Space between things, which grows and shrinks with the room, and what it never gets below. */
const AIRY = { lane: 34, gap: 8, words: 22, chip: 30, bandGap: 10, cpu: 40, box: 44 } as const;
const LEAST = { lane: 28, gap: 5, words: 18, chip: 25, bandGap: 6, cpu: 38, box: 40 } as const;

/** Sizes where `air` times the usual space is there. */
export function sizesOf(air: number): Sizes {
  const airy = (name: keyof typeof AIRY): number =>
    Math.max(LEAST[name], Math.round(AIRY[name] * air));
  return {
    margin: MARGIN,
    title: 22,
    small: 26,
    line: 15,
    slab: 26,
    hypervisor: 42,
    lane: airy('lane'),
    gap: airy('gap'),
    words: airy('words'),
    chip: airy('chip'),
    bandGap: airy('bandGap'),
    cpu: airy('cpu'),
    box: airy('box'),
  };
}

/** Space around the picture. */
export const MARGIN = 8;

/** Most lines of content a box has room for. */
export const LINES_MAX = 3;

/** Widths of a letter in the picture, in pixels: of lines, and of names of layers. */
export const LINE_LETTER = 6.95;
export const NAME_LETTER = 7.2;
