import { existsSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { afterAll, beforeAll, inject } from 'vitest';

/** The built viewer. */
export const SITE = join(import.meta.dirname, '..', '..', 'dist', 'web');

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** Changes a file on its way to the browser. */
export type Rewrite = (path: string, text: string) => string;

/** A folder served to this machine. */
export interface Site {
  /** Address of its start page; ends in a slash. */
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** Serves a built viewer under a path, as any web server would. */
export async function serve(
  folder: string,
  options: { readonly under?: string; readonly rewrite?: Rewrite } = {},
): Promise<Site> {
  const under = options.under ?? '/';
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const inside = pathname.startsWith(under) ? pathname.slice(under.length) : null;
    const path = join(folder, inside === '' ? 'index.html' : (inside ?? '..'));
    if (
      inside === null ||
      !path.startsWith(folder) ||
      !existsSync(path) ||
      statSync(path).isDirectory()
    ) {
      response.writeHead(404).end();
      return;
    }
    const text = readFileSync(path, 'utf8');
    response
      .writeHead(200, { 'content-type': TYPES[extname(path)] ?? 'application/octet-stream' })
      .end(options.rewrite ? options.rewrite(path, text) : text);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}${under}`,
    close: () => new Promise(resolve => server.close(() => resolve())),
  };
}

/** The built viewer, served for the tests of a file. */
export function useSite(): () => string {
  let site: Site | null = null;
  beforeAll(async () => {
    const failure = inject('webBuildError');
    if (failure) throw new Error(`the viewer does not build: ${failure}`);
    site = await serve(SITE);
  });
  afterAll(async () => {
    await site?.close();
  });
  return () => site?.url ?? '';
}
