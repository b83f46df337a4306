import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'vite';

/** Name of the built service worker: it must not change from build to build. */
export const SERVICE_WORKER = 'service-worker.js';

const PUBLIC = join(import.meta.dirname, '..', 'public');

interface Built {
  readonly name: string;
  readonly content: string | Uint8Array;
}

/** Tells the service worker what the build made: names, and one version for all of it. */
export const offline = (): Plugin => ({
  name: 'offline',
  apply: 'build',
  enforce: 'post',
  generateBundle(_options, bundle) {
    const worker = bundle[SERVICE_WORKER];
    if (worker?.type !== 'chunk') throw new Error(`${SERVICE_WORKER} was not built`);
    const built = Object.values(bundle)
      .filter(file => file !== worker)
      .map((file): Built => {
        const content = file.type === 'chunk' ? file.code : file.source;
        return { name: file.fileName, content };
      });
    const copied = readdirSync(PUBLIC).map(
      (name): Built => ({ name, content: readFileSync(join(PUBLIC, name)) }),
    );
    const files = [...built, ...copied].sort((a, b) => (a.name < b.name ? -1 : 1));
    const hash = createHash('sha256');
    for (const { name, content } of files) hash.update(name).update('\0').update(content);
    const names = files.map(({ name }) => `./${name}`);
    worker.code = worker.code
      .replace('__FILES__', () => JSON.stringify(names))
      .replaceAll('__VERSION__', () => JSON.stringify(hash.digest('hex').slice(0, 16)));
  },
});
