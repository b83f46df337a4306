import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pageWith } from '../runner/opened.ts';
import type { ScenarioResult } from '../runner/run-scenario.ts';
import { shown } from './files.ts';
import { openedFrom, singlePage } from './page-files.ts';

/** Folder for the pages of failed scenarios, where none is named. */
export const FAILED_FOLDER = join('.irqscope', 'fail');

/**
 * Writes a page for every scenario that failed: one file that opens from the disk at the violation.
 * Pages of earlier runs go from the folder that is ours.
 */
export function writeFailed(results: readonly ScenarioResult[], folder: string): string[] {
  const page = readFileSync(singlePage(), 'utf8');
  if (folder === FAILED_FOLDER) rmSync(folder, { recursive: true, force: true });
  const failed = results.filter(({ pass }) => !pass);
  if (failed.length > 0) mkdirSync(folder, { recursive: true });
  const names = new Set<string>();
  return failed.map(({ id, file, cell, seed }) => {
    const name = freeName(id, names);
    const path = join(folder, `${name}.html`);
    const opened = openedFrom(file, { cell, seed, at: 'violation', live: false });
    writeFileSync(path, pageWith(page, opened));
    return shown(path);
  });
}

/** A name for a file that no other has. */
function freeName(id: string, taken: Set<string>): string {
  const plain = id.replaceAll(/[^A-Za-z0-9._-]+/g, '-').replace(/-$/, '');
  let name = plain;
  for (let n = 2; taken.has(name); n++) name = `${plain}-${n}`;
  taken.add(name);
  return name;
}
