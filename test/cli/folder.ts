import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';

/** A folder of its own for each test of a file, gone afterwards. */
export function useFolder() {
  let folder = '';
  afterEach(() => {
    if (folder) rmSync(folder, { recursive: true });
    folder = '';
  });
  const path = (name: string): string => {
    folder ||= mkdtempSync(join(tmpdir(), 'irqscope-'));
    return join(folder, name);
  };
  return {
    path,
    /** Writes a file and tells its path. */
    write: (name: string, text: string): string => {
      writeFileSync(path(name), text);
      return path(name);
    },
    read: (name: string): string => readFileSync(path(name), 'utf8'),
  };
}
