import { expect, test } from 'vitest';
import { exploreModel } from '../bench/explore-model.ts';
import { spinContender } from '../bench/spin-search.ts';
import { load } from '../scenario/files.ts';
import { answerOf } from './cells.ts';
import { describeSpin, matrixCells, ownAnswer, PARTS, SLOW_MS } from './compare.ts';
import { byHand, createSpin, sizeDefines } from './spin.ts';

const SIZES = [
  { victims: 1, entries: 2 },
  { victims: 1, entries: 8 },
  { victims: 2, entries: 2 },
  { victims: 2, entries: 4 },
  { victims: 3, entries: 2 },
];

const REMAPS = matrixCells().map(({ cell }) => cell.remap);

test('every remap unit of the open question is compared', () => {
  const compared = Object.values(PARTS).flat();
  expect([...compared].sort()).toEqual([...new Set(REMAPS)].sort());
});

describeSpin('the open question at other sizes', tools => {
  const ask = createSpin(tools);

  test.each(SIZES)(
    '$victims victims, $entries table entries',
    async size => {
      const defines = sizeDefines(size);
      const asked = Promise.all([ask(defines), ask([...defines, 'HONEST'])]);
      const { scenarios, problems } = load('model.yaml', exploreModel(size));
      expect(problems).toEqual([]);
      const ours = ownAnswer(scenarios[0]);
      const theirs = answerOf(...(await asked));
      expect(ours, `to ask SPIN by hand: ${byHand(defines)}`).toEqual(theirs);
    },
    SLOW_MS,
  );

  test.each(['breadth first', 'depth first'] as const)(
    '%s, SPIN stores as many states when it is compiled for speed',
    async variant => {
      const size = { victims: 2, entries: 4 };
      const { states } = await ask(sizeDefines(size));
      expect(spinContender(tools, size, variant).run().events).toBe(states);
    },
    SLOW_MS,
  );
});
