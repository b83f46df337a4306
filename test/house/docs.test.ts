import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, test } from 'vitest';
import { MAP, mapped, updatedMap } from './map.ts';
import { filesUnder, ROOT, readSource, type SourceFile } from './source.ts';

const filesOf = (folder: string): string[] =>
  readdirSync(join(ROOT, 'src', folder))
    .filter(name => name.endsWith('.ts'))
    .map(name => name.slice(0, -'.ts'.length));

// `UPDATE_DOCS=1 npx vitest run test/house` puts new files into the map, and takes old ones out.
if (process.env.UPDATE_DOCS) writeFileSync(join(ROOT, MAP.path), updatedMap(filesOf));

const documents = [
  readSource('README.md'),
  ...filesUnder(['src', 'test', 'web', 'scenarios'], '.md'),
];

const lineOf = (text: string, at: number): number => text.slice(0, at).split('\n').length;

const exists = (path: string): boolean => existsSync(join(ROOT, path));

/** Names of headings as links name them. */
const anchors = ({ text }: SourceFile): string[] =>
  [...text.matchAll(/^#+ (.+)$/gm)].map(([, title]) =>
    title
      .toLowerCase()
      .replaceAll(/[^\w\s-]/g, '')
      .replaceAll(' ', '-'),
  );

describe.each(documents)('$path', document => {
  const { path, text } = document;
  const places = (pattern: RegExp, wrong: (match: RegExpExecArray) => string | null): string[] =>
    [...text.matchAll(pattern)].flatMap(match => {
      const instead = wrong(match);
      return instead ? [`${path}:${lineOf(text, match.index)}: ${match[0]}; ${instead}`] : [];
    });

  test('links lead somewhere', () => {
    const broken = places(/\]\(([^)\s]+)\)/g, ([, target]) => {
      if (/^(https?|mailto):/.test(target)) return null;
      const [file, anchor] = target.split('#');
      const to = file ? normalize(join(dirname(path), file)) : path;
      if (!exists(to)) return `there is no ${to}`;
      if (!anchor || anchors(readSource(to)).includes(anchor)) return null;
      return `there is no heading ${anchor} in ${to}`;
    });
    expect(broken).toEqual([]);
  });

  test('files it names are there', () => {
    const missing = places(/`((?:src|test|web|scenarios)\/[\w./-]+)`/g, ([, named]) =>
      exists(named) ? null : `there is no ${named}`,
    );
    expect(missing).toEqual([]);
  });

  test('code is run, or says that it is a sketch', () => {
    const untested = places(/^```(ts|js)\b(.*)$/gm, ([, , how]) =>
      /^ (run|sketch)$/.test(how)
        ? null
        : 'write ```ts run, with its output as ```text, or ```ts sketch',
    );
    expect(untested).toEqual([]);
  });
});

describe('the map', () => {
  const files = mapped();
  const isFolder = (path: string): boolean => statSync(join(ROOT, path)).isDirectory();

  test('has every folder', () => {
    const folders = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
      .filter(name => isFolder(join('src', name)))
      .sort();
    expect([...files.keys()].sort()).toEqual(folders);
  });

  test.each([...files.keys()])('%s: every file, and no other', folder => {
    const onDisk = filesOf(folder);
    const named = files.get(folder) ?? [];
    const wrong = [
      ...onDisk
        .filter(name => !named.includes(name))
        .map(
          name =>
            `src/${folder}/${name}.ts is not in ${MAP.path}: add it to ${folder}/, or UPDATE_DOCS=1`,
        ),
      ...named
        .filter(name => !onDisk.includes(name))
        .map(name => `${MAP.path} has src/${folder}/${name}.ts, which is not there: take it out`),
      ...named.filter((name, i) => named.indexOf(name) < i).map(name => `${name} is there twice`),
    ];
    expect(wrong).toEqual([]);
  });
});
