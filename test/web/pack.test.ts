import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { filmOf } from '../../src/report/film.ts';
import { traceDigest } from '../../src/report/trace-digest.ts';
import { chooseRun } from '../../src/runner/choose-run.ts';
import { loadScenario } from '../../src/scenario/load.ts';
import { readHash, writeHash } from '../../web/app/route.ts';
import { FIRST_STATE, type Place, SHEETS } from '../../web/app/state.ts';
import { type Compared, LIKENESSES } from '../../web/compare/state.ts';
import { pack, TEXT_MAX, unpack } from '../../web/share/pack.ts';

const ROOT = join(import.meta.dirname, '..', '..', 'scenarios');
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

/** Every scenario the page shows in its menu. */
const SHIPPED = readdirSync(ROOT, { recursive: true, encoding: 'utf8' })
  .filter(path => path.endsWith('.yaml') && !/^(matrix|explore|ci)\//.test(path))
  .filter(path => ['steps', 'extends'].some(key => key in (parse(read(path)) as object)));

const BUILT_IN_MAX = 120;
const EDITED_MAX = 2000;
/** Lessons are long texts; browsers and mail take links of this length. */
const EDITED_LESSON_MAX = 8000;

/** A place deep inside a scenario, as links hold it at most. */
const placeIn = (path: string, more: Partial<Place>): Place => ({
  ...FIRST_STATE.place,
  scenario: path.replace(/\.yaml$/, ''),
  seq: 9999,
  ...more,
});

describe.each(SHIPPED)('%s', path => {
  const { scenarios } = loadScenario(path, read(path), (name, from) => {
    const file = join(from, '..', name);
    return { file, text: read(file) };
  });
  const [scenario] = scenarios;
  const { view } = chooseRun(scenario);
  const { stepOf } = filmOf(scenario.machine, view.trace, view.findings);
  const digest = traceDigest(view.trace, stepOf);

  test('a link to it, in the middle of its run, is short', () => {
    expect(writeHash(placeIn(path, { digest })).length).toBeLessThanOrEqual(BUILT_IN_MAX);
  });

  test('a link with its text, changed, is no longer than a link should be, and holds the text', async () => {
    const text = `${read(path)}\n# changed\n`;
    const packed = await pack(text);
    const hash = writeHash(placeIn(path, { packed, digest, cell: scenario.cell }));
    const most = scenario.lesson ? EDITED_LESSON_MAX : EDITED_MAX;
    expect(hash.length).toBeLessThanOrEqual(most);
    expect(readHash(hash).place.packed).toBe(packed);
    expect(await unpack(packed)).toEqual({ kind: 'text', text });
  });
});

describe('packed texts', () => {
  test('any text comes back as it was', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme', maxLength: 400 }), async text => {
        const packed = await pack(text);
        expect(packed).toMatch(/^[\w-]*$/);
        expect(await unpack(packed)).toEqual({ kind: 'text', text });
      }),
      { numRuns: 60 },
    );
  });

  // Node unpacks what was cut off as far as it can; browsers do not: test/browser/links.test.ts.
  test('what is no base64url is damaged', async () => {
    const packed = await pack('irqscope: 1\nname: x\n'.repeat(20));
    for (const wrong of ['!!', `${packed}~`, packed.slice(0, 5)])
      expect(await unpack(wrong)).toEqual({ kind: 'damaged' });
  });

  test('a few letters that stand for a lot are refused before they are unpacked', async () => {
    const bomb = deflateRawSync(Buffer.alloc(200 * 1024 * 1024)).toString('base64url');
    expect(bomb.length).toBeLessThan(300_000);
    const before = process.memoryUsage().arrayBuffers;
    expect(await unpack(bomb)).toEqual({ kind: 'oversized' });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(50 * 1024 * 1024);
    const largest = await pack('x'.repeat(TEXT_MAX));
    expect((await unpack(largest)).kind).toBe('text');
    expect((await unpack(await pack('x'.repeat(TEXT_MAX + 1)))).kind).toBe('oversized');
  });
});

const word = fc.stringMatching(/^[a-z][a-z0-9-]{0,12}$/);
const scenario = fc.tuple(word, word).map(([a, b]) => `${a}/${b}`);
const cell = fc.option(fc.dictionary(word, word, { minKeys: 1, maxKeys: 3 }), { nil: null });
const branch = fc.constantFrom(
  'main',
  'off:vtd/source-id~vtd/present',
  'off:vtd/present,flip:28.5~31.70',
);
const compared = fc.record<Compared>({
  other: fc.record({ scenario: fc.option(scenario, { nil: '' }), cell, branch }),
  row: fc.option(fc.integer({ min: -1, max: 99_999 }), { nil: null }),
  like: fc.constantFrom(...LIKENESSES),
});
const place = fc.record<Place>({
  sheet: fc.constantFrom(...SHEETS),
  scenario,
  packed: fc.stringMatching(/^[\w-]{0,40}$/),
  title: fc.string({ unit: 'grapheme', maxLength: 20 }),
  cell,
  seq: fc.integer({ min: -1, max: 99_999 }),
  view: fc.constantFrom('stage', 'mail', 'text'),
  tab: fc.constant('tables'),
  table: fc.constantFrom('stores', 'entries', 'cpus'),
  pin: fc.option(fc.nat(999), { nil: null }),
  branch,
  part: fc.constant(0),
  compared: fc.option(compared, { nil: null }),
  digest: fc.constantFrom('', '0123abcd', '0123abcd.Az_-09'),
});

test('every place can be linked to, and the link leads there', () => {
  fc.assert(
    fc.property(place, wanted => {
      const { place: found, trouble } = readHash(writeHash(wanted));
      expect(trouble).toBeNull();
      expect(found).toEqual(wanted);
    }),
  );
});

test('a link to a part of a lesson says no more: the part says itself where it stands', () => {
  fc.assert(
    fc.property(place, fc.integer({ min: 1, max: 99 }), (wanted, part) => {
      const link = writeHash({
        ...wanted,
        sheet: 'run',
        view: 'stage',
        packed: '',
        title: '',
        part,
      });
      expect(link).toBe(`#1;s=${wanted.scenario};lesson=${part}`);
      expect(readHash(link).place).toMatchObject({ scenario: wanted.scenario, part, seq: -1 });
    }),
  );
});

test.each([
  ['#2;s=teaching/tglx-basic', 'newer'],
  ['#1;s=teaching/tglx-basic;e=x', 'damaged'],
  ['#1;s=teaching/tglx-basic;y=a*b', 'damaged'],
  ['#1;s=teaching/tglx-basic;d=12', 'damaged'],
  ['#1;s=%E0%A4%A', 'damaged'],
  ['#1;s=teaching/tglx-basic;later=x', null],
  ['', null],
  ['#main', null],
])('%s is %s', (hash, trouble) => {
  expect(readHash(hash).trouble).toBe(trouble);
});
