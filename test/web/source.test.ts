import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const WEB = join(import.meta.dirname, '..', '..', 'web');

const FILES = readdirSync(WEB, { recursive: true, encoding: 'utf8' })
  .filter(path => path.endsWith('.ts'))
  .map(path => ({ path, text: readFileSync(join(WEB, path), 'utf8') }));

test('d3 is taken by name, so that only what is used is shipped', () => {
  const users = FILES.filter(({ text }) => /from 'd3'/.test(text));
  expect(users.length).toBeGreaterThan(0);
  for (const { path, text } of users)
    for (const [line] of text.matchAll(/import[^;]*from 'd3[^']*';/g))
      expect(line, path).toMatch(/^import (type )?\{[^}]+\} from 'd3';$/);
  for (const { path, text } of FILES) expect(text, path).not.toMatch(/from 'd3-|\bimport d3\b/);
});

test('the page knows of the simulator what its public interface tells', () => {
  for (const { path, text } of FILES) {
    // What builds the page runs in Node, and may look further.
    if (path.startsWith('build/')) continue;
    for (const [, from] of text.matchAll(/from '([^']*\/src\/[^']*)'/g))
      expect(from, path).toMatch(/^(\.\.\/)+src\/index\.ts$/);
  }
});

test('the editor is made of the parts of CodeMirror, never of the package of that name', () => {
  const names = FILES.flatMap(({ text }) => [...text.matchAll(/from '(codemirror[^']*)'/g)]);
  expect(names).toEqual([]);
  const { dependencies = {}, devDependencies = {} } = JSON.parse(
    readFileSync(join(WEB, '..', 'package.json'), 'utf8'),
  );
  expect(Object.keys({ ...dependencies, ...devDependencies })).not.toContain('codemirror');
});

/** Where a template literal ends that begins at `from`; `hear` gets its static text. */
function endOfTemplate(text: string, from: number, hear: (words: string) => void): number {
  let words = '';
  for (let at = from; at < text.length; at++) {
    if (text[at] === '`') {
      hear(words);
      return at;
    }
    if (text.startsWith('${', at)) {
      words += ' ';
      at = endOfExpression(text, at + 2, hear);
    } else if (text[at] === '\\') at++;
    else words += text[at];
  }
  return text.length;
}

/** Where an expression in a template ends; templates in it are heard where they are markup. */
function endOfExpression(text: string, from: number, hear: (words: string) => void): number {
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    if (text[at] === '`') {
      const isMarkup = /\b(html|svg)$/.test(text.slice(0, at));
      at = endOfTemplate(text, at + 1, isMarkup ? hear : () => {});
    } else if (text[at] === '{') depth++;
    else if (text[at] === '}' && depth-- === 0) return at;
  }
  return text.length;
}

/** Words of all markup in a file, without tags, attributes and what is put in. */
function wordsIn(text: string): string[] {
  const found: string[] = [];
  const hear = (markup: string): void => {
    const bare = markup.replaceAll(/<[^>]*>/g, ' ');
    found.push(...(bare.match(/\b[A-Za-z]{2,}\b/g) ?? []));
  };
  for (const { index } of text.matchAll(/\b(html|svg)`/g)) {
    // Templates inside others are heard with them.
    if (index < covered(text, index)) continue;
    endOfTemplate(text, index + text.slice(index).indexOf('`') + 1, hear);
  }
  return found;
}

/** The end of the template a position lies in; the position itself where it lies in none. */
function covered(text: string, position: number): number {
  for (const { index } of text.matchAll(/\b(html|svg)`/g)) {
    if (index >= position) break;
    const end = endOfTemplate(text, index + text.slice(index).indexOf('`') + 1, () => {});
    if (end > position) return end;
  }
  return position;
}

/** The name of the program is the same in every language. */
const NAME = 'irqscope';

/** Attributes people see or hear. */
const SPOKEN = /(?:aria-label|title|placeholder|alt)="([^"$]*[A-Za-z]{2,}[^"$]*)"/g;

test('every text people see is in the catalogue', () => {
  for (const { path, text: written } of FILES) {
    if (path.startsWith('i18n/')) continue;
    const text = written.replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
    expect(wordsIn(text), path).toEqual([]);
    expect(
      [...text.matchAll(SPOKEN)].map(([, words]) => words).filter(words => words !== NAME),
      path,
    ).toEqual([]);
  }
});
