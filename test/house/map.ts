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

/** The first sentence a file says about what it exports, for a line of the map. */
function firstSentence(path: string): string {
  const comment = /\/\*\*([\s\S]*?)\*\//.exec(readSource(path).text)?.[1] ?? '';
  const plain = comment.replaceAll(/\s*\n?\s*\*?\s+/g, ' ').trim();
  return /^[^.:;]*/.exec(plain)?.[0] ?? '';
}

/** The map with the files of each folder that are there, and no others. */
export function updatedMap(filesOf: (folder: string) => readonly string[]): string {
  const [head, ...sections] = MAP.text.split(/^(?=### `)/m);
  const updated = sections.map(section => {
    const folder = section.slice('### `'.length, section.indexOf('/`'));
    const files = filesOf(folder);
    const known = mapped().get(folder) ?? [];
    const kept = section
      .trimEnd()
      .split('\n')
      .map(line =>
        withoutNames(
          line,
          known.filter(name => !files.includes(name)),
        ),
      )
      .filter(line => !line.startsWith('- :'));
    const added = files
      .filter(name => !known.includes(name))
      .map(name => `- \`${name}\`: ${firstSentence(`src/${folder}/${name}.ts`)}.`);
    return [...kept, ...added].join('\n');
  });
  return `${[head.trimEnd(), ...updated].join('\n\n')}\n`;
}

/** An item without the names of files that are gone. */
function withoutNames(line: string, gone: readonly string[]): string {
  if (!line.startsWith('- ')) return line;
  const end = line.indexOf(':');
  const names = words(line.slice(0, end)).filter(name => !gone.includes(name));
  return `- ${names.map(name => `\`${name}\``).join(', ')}${line.slice(end)}`;
}
