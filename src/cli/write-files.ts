import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { shown } from './files.ts';

/** Writes scenario files into a folder, which is made where it is missing; returns their paths. */
export function writeFiles(
  folder: string,
  files: readonly { readonly name: string; readonly text: string }[],
): string[] {
  if (files.length > 0) mkdirSync(folder, { recursive: true });
  return files.map(({ name, text }) => {
    const path = shown(join(folder, `${name}.yaml`));
    writeFileSync(path, text);
    return path;
  });
}
