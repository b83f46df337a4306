import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Opened } from '../runner/opened.ts';
import { loadScenario } from '../scenario/load.ts';
import type { Cell } from '../scenario/resolve.ts';
import { usageError } from './exit.ts';
import { readRelative, readText, shown } from './files.ts';

/** Built pages stand beside the bundled command line, in a checkout as in the package. */
const DIST = join(import.meta.dirname, '..');
const WEB = join(DIST, 'web');
const SINGLE = join(WEB, 'irqscope.html');

/** Folder of the built viewer. */
export const webFolder = (): string => built(WEB);

/** The viewer as one file. */
export const singlePage = (): string => built(SINGLE);

function built(path: string): string {
  if (existsSync(path)) return path;
  throw usageError(`the viewer was not built: there is no ${shown(path)}; run npm run build`);
}

/** A scenario file as the page gets it, with all it extends. */
export function openedFrom(
  path: string,
  how: Pick<Opened, 'at' | 'live' | 'seed'> & { readonly cell: Cell | null },
): Opened {
  const file = shown(path);
  const text = readText(file);
  const others: Record<string, string> = {};
  loadScenario(file, text, (name, from) => {
    const found = readRelative(name, from);
    if (found) others[found.file] = found.text;
    return found;
  });
  return { format: 'irqscope-opened/1', file, text, others, ...how };
}
