import { readFileSync, writeFileSync } from 'node:fs';
import { referenceTable } from './reference.ts';

/** A table of a document that is made from the code, between two marks. */
const MARKED = /<!-- (?:table|list): ([^>]+?) -->\n[\s\S]*?<!-- end -->/g;

const whole = (marker: string): string =>
  `<!-- table: ${marker} -->\n\n${referenceTable(marker)}\n\n<!-- end -->`;

/** What the marks of a text ask for, in order. */
export const markersIn = (text: string): string[] =>
  [...text.matchAll(MARKED)].map(([, marker]) => marker);

/** The text with its tables made anew. */
export const updated = (text: string): string =>
  text.replaceAll(MARKED, (_, marker: string) => whole(marker));

/** Reads a document; with UPDATE_DOCS set its tables are written anew before. */
export function readMarked(file: string): string {
  if (process.env.UPDATE_DOCS) writeFileSync(file, updated(readFileSync(file, 'utf8')));
  return readFileSync(file, 'utf8');
}

/** How to bring the tables of a document up to date, for a test that finds them old. */
export const howToUpdate = (test: string): string =>
  `UPDATE_DOCS=1 npx vitest run ${test} writes them anew`;
