import { describe, expect, test } from 'vitest';
import { createChoices } from '../../src/engine/choice.ts';
import { TABLE_NAMES } from '../../src/runner/table-columns.ts';
import { tableOf } from '../../src/runner/tables.ts';
import { rowsAt } from '../../src/runner/tables-at.ts';
import { tablesFilmOf } from '../../src/runner/tables-film.ts';
import { watchRun } from '../../src/runner/watch.ts';
import { HCALL, LOST, type Scene, scenesOf, TRAP, teachingScenes } from '../report/scenes.ts';

const chanceOf = ({ scenario }: Scene) => ({ ...createChoices(), seed: scenario.seed });
const filmOf = (scene: Scene) =>
  tablesFilmOf(scene.scenario.machine, scene.scenario.program, { chance: chanceOf(scene) });

const byId = (rows: readonly { id: string }[]) => [...rows].sort((a, b) => (a.id < b.id ? -1 : 1));

const SCENES: [string, Scene[]][] = [
  ...teachingScenes(),
  ['trap', scenesOf(TRAP)],
  ['hcall', scenesOf(HCALL)],
  ['lost', scenesOf(LOST)],
];

describe.each(SCENES)('%s', (_name, scenes) => {
  test('the tables of every moment are those of the state', () => {
    for (const scene of scenes) {
      const { machine, program } = scene.scenario;
      const film = filmOf(scene);
      watchRun(machine, program, {
        chance: chanceOf(scene),
        visit: (state, records) => {
          const seq = records.at(-1)?.seq;
          if (seq === undefined) return;
          for (const name of TABLE_NAMES)
            expect(byId(rowsAt(film, name, seq)), `${name} at ${seq}`).toEqual(
              byId(tableOf(machine, state, name)),
            );
        },
      });
    }
  });
});

test('a row change is shown at a record of the same place', () => {
  const [scene] = scenesOf(TRAP);
  const stores = filmOf(scene).changes.filter(
    ({ table, after }) => table === 'stores' && after?.place === 'nic0.msix[1]',
  );
  expect(stores.length).toBeGreaterThan(0);
  for (const { seq } of stores) expect(scene.view.trace[seq].where).toMatch(/^nic0/);
});
