import { describe, expect, test } from 'vitest';
import { ladder } from './map.ts';
import { type Import, type Module, modulesUnder } from './source.ts';

const rungs = ladder();
const source = modulesUnder(['src']);
const web = modulesUnder(['web']);

/** The folder of `src/` a file is in; the file itself where it is in none. */
function folderOf(path: string): string {
  const [, first] = path.split('/');
  return first;
}

const isFile = ({ from }: Import): boolean => from.startsWith('.');

/** What is wrong with the imports of modules, one line each. */
function wrong(
  modules: readonly Module[],
  judge: (module: Module, one: Import) => string | null,
): string[] {
  return modules.flatMap(module =>
    module.imports.flatMap(one => {
      const instead = judge(module, one);
      return instead ? [`${module.path}:${one.line}: imports ${one.from}; ${instead}`] : [];
    }),
  );
}

test('there are imports to look at, and every folder has its line', () => {
  expect(source.flatMap(({ imports }) => imports).length).toBeGreaterThan(800);
  expect(web.flatMap(({ imports }) => imports).length).toBeGreaterThan(100);
  const folders = new Set(source.map(({ path }) => folderOf(path)));
  expect(rungs.map(({ folder }) => folder).sort()).toEqual([...folders].sort());
});

test('the ladder is one: a folder imports what stands above it', () => {
  const order = rungs.map(({ folder }) => folder);
  for (const { folder, imports } of rungs)
    for (const name of imports)
      expect(order.indexOf(name), name).toBeLessThan(order.indexOf(folder));
  const check = rungs
    .filter(({ imports }) => imports.includes('check'))
    .map(({ folder }) => folder);
  for (const folder of ['units', 'domains', 'hypervisor', 'engine'])
    expect(check).not.toContain(folder);
});

describe('imports', () => {
  const rungOf = (path: string) => rungs.find(({ folder }) => folder === folderOf(path));

  test('go down the ladder', () => {
    expect(
      wrong(source, ({ path }, one) => {
        if (!isFile(one) || one.to === 'package.json') return null;
        const [from, to] = [folderOf(path), folderOf(one.to)];
        if (!one.to.startsWith('src/')) return 'src/ stands alone';
        if (from === to || rungOf(path)?.imports.includes(to)) return null;
        return `${from}/ may import ${rungOf(path)?.imports.join(', ') || 'nothing'}`;
      }),
    ).toEqual([]);
  });

  test('of packages are those of the folder', () => {
    expect(
      wrong(source, ({ path }, one) => {
        if (isFile(one)) return null;
        const { packages = [] } = rungOf(path) ?? {};
        if (packages.includes(one.to)) return null;
        return `${folderOf(path)}/ may use ${packages.join(', ') || 'no package'}; see src/README.md`;
      }),
    ).toEqual([]);
  });

  test('of a unit are not of another unit', () => {
    const unitOf = (path: string): string => /^src\/units\/([a-z]+)/.exec(path)?.[1] ?? '';
    expect(
      wrong(source, ({ path }, { to }) => {
        const [from, other] = [unitOf(path), unitOf(to)];
        if (!from || !other || from === other || other === 'rules') return null;
        return 'units know nothing of each other: let the engine bring them together';
      }),
    ).toEqual([]);
  });

  test('of the page are the public interface only', () => {
    expect(
      wrong(web, ({ path }, { to }) => {
        if (!to.startsWith('src/') || to === 'src/index.ts') return null;
        // Build steps run in Node and stand in for a part of the simulator.
        if (path.startsWith('web/build/')) return null;
        return 'export it from src/index.ts';
      }),
    ).toEqual([]);
  });

  test('of the public interface are named', () => {
    const index = source.find(({ path }) => path === 'src/index.ts');
    expect(index?.text).not.toMatch(/export \*/);
  });
});
