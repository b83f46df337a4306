import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { contrast, difference, parse, type Rgb, seen, VISION } from './colour.ts';

const CSS = readFileSync(join(import.meta.dirname, '..', '..', 'web', 'style', 'base.css'), 'utf8');

/** Colours of the page by name, for one theme. */
const paletteOf = (theme: 0 | 1): Record<string, Rgb> =>
  Object.fromEntries(
    [...CSS.matchAll(/--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)/g)].map(
      ([, name, light, dark]) => [name, parse([light, dark][theme])],
    ),
  );

const ROLES = ['alloc', 'compose', 'store', 'use', 'violation'];
const TEXTS = [...ROLES, 'ink', 'quiet', 'accent', 'good', 'compose-text'];
const GRAPHICS = ['edge', ...ROLES, 'accent', 'good', 'quiet'];
const TEXT_MIN = 4.5;
const GRAPHIC_MIN = 3;
const APART_MIN = 30;

describe.each([
  ['light', 0],
  ['dark', 1],
] as const)('%s', (_name, theme) => {
  const palette = paletteOf(theme);

  test.each(TEXTS)('%s can be read on both papers', name => {
    for (const paper of ['paper', 'sheet'])
      expect(contrast(palette[name], palette[paper]), paper).toBeGreaterThanOrEqual(TEXT_MIN);
  });

  test.each(GRAPHICS)('lines in %s can be seen on both papers', name => {
    for (const paper of ['paper', 'sheet'])
      expect(contrast(palette[name], palette[paper]), paper).toBeGreaterThanOrEqual(GRAPHIC_MIN);
  });

  test('text on buttons that are pressed can be read', () => {
    expect(contrast(palette['accent-ink'], palette.accent)).toBeGreaterThanOrEqual(TEXT_MIN);
  });

  test.each(Object.entries(VISION))('roles are told apart with %s vision', (_vision, matrix) => {
    const colours = ROLES.map(name => seen(palette[name], matrix));
    for (const [i, one] of colours.entries())
      for (const [j, other] of colours.entries())
        if (i < j)
          expect(difference(one, other), `${ROLES[i]} ${ROLES[j]}`).toBeGreaterThanOrEqual(
            APART_MIN,
          );
  });
});

test('the measures are those of the literature', () => {
  expect(contrast(parse('#000000'), parse('#ffffff'))).toBeCloseTo(21, 5);
  expect(contrast(parse('#777777'), parse('#ffffff'))).toBeCloseTo(4.48, 2);
  expect(difference(parse('#000000'), parse('#ffffff'))).toBeCloseTo(100, 1);
});
