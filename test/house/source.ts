import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { parseSync } from 'vite';

export const ROOT = join(import.meta.dirname, '..', '..');

/** A node of a syntax tree, as far as the tests of the house look. */
export interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [key: string]: unknown;
}

/** An import of a file, and its line. */
export interface Import {
  /** As written. */
  readonly from: string;
  /** Path in the project of a file; the name of a package otherwise. */
  readonly to: string;
  readonly line: number;
}

export interface SourceFile {
  /** Path in the project. */
  readonly path: string;
  readonly text: string;
  readonly lines: readonly string[];
}

export interface Module extends SourceFile {
  readonly program: Node;
  readonly comments: readonly { readonly start: number; readonly end: number }[];
  readonly imports: readonly Import[];
}

/** Files under folders of the project whose names end so, in order. */
export function filesUnder(
  folders: readonly string[],
  ...endings: readonly string[]
): SourceFile[] {
  return folders.flatMap(folder =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter(name => endings.some(ending => name.endsWith(ending)))
      .map(name => join(folder, name))
      .sort()
      .map(readSource),
  );
}

/** A text file of the project. */
export function readSource(path: string): SourceFile {
  const text = readFileSync(join(ROOT, path), 'utf8');
  return { path, text, lines: text.split('\n') };
}

/** Where in a file something begins, as people write it. */
export const placeOf = ({ path, text }: SourceFile, at: number): string =>
  `${path}:${lineOf(text, at)}`;

const lineOf = (text: string, at: number): number => text.slice(0, at).split('\n').length;

/** The modules under folders, parsed. Throws where one is not TypeScript. */
export function modulesUnder(folders: readonly string[]): Module[] {
  return filesUnder(folders, '.ts').map(file => {
    const { program, comments, errors } = parseSync(file.path, file.text);
    if (errors.length > 0) throw new Error(`${file.path}: ${errors[0].message}`);
    const tree = program as unknown as Node;
    return { ...file, program: tree, comments, imports: importsOf(file, tree) };
  });
}

function importsOf(file: SourceFile, program: Node): Import[] {
  const found: Import[] = [];
  visit(program, node => {
    const from = sourceOf(node);
    if (from === null) return;
    const to = from.startsWith('.') ? normalize(join(dirname(file.path), from)) : packageOf(from);
    found.push({ from, to, line: lineOf(file.text, node.start) });
  });
  return found;
}

/** What a node imports: `import`, `export … from`, `import()` and the type of the same name. */
function sourceOf(node: Node): string | null {
  if (
    !/^(Import|Export)(Declaration|NamedDeclaration|AllDeclaration|Expression)$|^TSImportType$/.test(
      node.type,
    )
  )
    return null;
  const source = node.source as { value?: unknown } | null | undefined;
  return typeof source?.value === 'string' ? source.value : null;
}

const packageOf = (from: string): string =>
  from.startsWith('node:')
    ? 'node'
    : from
        .split('/')
        .slice(0, from.startsWith('@') ? 2 : 1)
        .join('/');

/** Visits a node and all beneath it. */
export function visit(node: Node, look: (node: Node) => void): void {
  look(node);
  for (const value of Object.values(node))
    for (const part of Array.isArray(value) ? value : [value])
      if (typeof part === 'object' && part !== null && typeof (part as Node).type === 'string')
        visit(part as Node, look);
}

/** Visits what is beneath a node, but nothing within functions. */
export function visitOutermost(node: Node, look: (node: Node) => void): void {
  look(node);
  if (/Function/.test(node.type)) return;
  for (const value of Object.values(node))
    for (const part of Array.isArray(value) ? value : [value])
      if (typeof part === 'object' && part !== null && typeof (part as Node).type === 'string')
        visitOutermost(part as Node, look);
}
