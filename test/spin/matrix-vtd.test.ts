import { expect, test } from 'vitest';
import { cellName } from './cells.ts';
import { compareMatrix, differences, matrixCells, PARTS, spinAnswer } from './compare.ts';

/** Where the source of a message does not matter: the trap has stopped it before. */
const isCaughtBefore = ({ storage, reach }: Readonly<Record<string, string>>): boolean =>
  storage === 'trapped' && reach === 'store';

compareMatrix(PARTS.vtd, (ask, answers) => {
  test('a model without source validation is found out in every cell where a message gets as far', async () => {
    const cells = matrixCells()
      .map(({ cell }) => cell)
      .filter(({ remap }) => remap === 'vtd');
    const withoutCheck = (defines: readonly string[]) =>
      defines.filter(name => name !== 'SOURCE_VALIDATION');
    const differing: string[] = [];
    for (const cell of cells) {
      const ours = answers.get(cellName(cell));
      if (!ours) throw new Error(`no answer for ${cellName(cell)}: run this whole file`);
      const mutant = await spinAnswer(ask, cell, withoutCheck);
      if (differences(cell, ours, mutant).length > 0) differing.push(cellName(cell));
    }
    expect(differing).toEqual(cells.filter(cell => !isCaughtBefore(cell)).map(cellName));
  });
});
