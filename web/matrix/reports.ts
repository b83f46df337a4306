import type { MatrixReport } from '../../src/index.ts';

/** What `irqscope matrix` found, as it is shipped. */
const FILES = import.meta.glob<MatrixReport>('../../scenarios/matrix/*.json', {
  import: 'default',
  eager: true,
});

const FIRST = 'open-question';

/** Every shipped matrix, the question of 2020 first. */
export const REPORTS: readonly MatrixReport[] = Object.values(FILES).toSorted(
  (a, b) => Number(b.name === FIRST) - Number(a.name === FIRST),
);

/** Name of a shipped scenario as links have it, by its path in the project. */
export const idOfPath = (path: string): string =>
  path.replace(/^scenarios\//, '').replace(/\.ya?ml$/, '');
