import { expect, test } from 'vitest';
import { EN } from '../../web/i18n/en.ts';
import { FATE_SHAPES, FATE_SIGNS, REFUSED_SHAPE } from '../../web/stage/glyphs.ts';

const FATES = ['delivered', 'blocked', 'misdelivered', 'lost', 'held', 'nothing'] as const;

test('every verdict is told by a shape and a word of its own, whatever its colour', () => {
  const looks = FATES.map(fate => `${FATE_SHAPES[fate]} ${FATE_SIGNS[fate]}`);
  expect(new Set([...looks, REFUSED_SHAPE]).size).toBe(FATES.length + 1);
  expect(new Set(FATES.map(fate => EN.fates[fate])).size).toBe(FATES.length);
  // The four a reader must never mix up differ in their outline alone.
  const outlines = FATES.slice(0, 4).map(fate => FATE_SHAPES[fate]);
  expect(new Set(outlines).size).toBe(4);
});

test('that a message was blocked is said to be good where it may not arrive', () => {
  expect(EN.fateTexts.blocked).toMatch(/may not arrive that is good/);
});
