import { readSource } from './source.ts';

/** The map of the code: a document that tests take for the truth. */
export const MAP = readSource('src/README.md');

/** A line of the import ladder. */
export interface Rung {
  readonly folder: string;
  readonly imports: readonly string[];
  readonly packages: readonly string[];
}

const words = (cell: string): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, word]) => word);

/** The import ladder, from the lowest folder up. */
export function ladder(): Rung[] {
  const table = /<!-- ladder:begin -->([\s\S]*?)<!-- ladder:end -->/.exec(MAP.text)?.[1] ?? '';
  return table
    .split('\n')
    .filter(line => line.startsWith('| `'))
    .map(line => {
      const [, folder, imports, packages] = line.split('|');
      return { folder: words(folder)[0], imports: words(imports), packages: words(packages) };
    });
}

/** The files the map names, by folder. */
export function mapped(): Map<string, string[]> {
  const sections = MAP.text.split(/^### `/m).slice(1);
  return new Map(
    sections.map(section => {
      const folder = section.slice(0, section.indexOf('/`'));
      const items = section.split('\n').filter(line => line.startsWith('- '));
      return [folder, items.flatMap(line => words(line.slice(0, line.indexOf(':'))))];
    }),
  );
}
