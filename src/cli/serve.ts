import { existsSync, readFileSync, statSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { extname, join, sep } from 'node:path';
import { type Opened, pageWith } from '../runner/opened.ts';
import { usageError } from './exit.ts';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.webmanifest': 'application/manifest+json',
};

/** What a server of the page has. */
export interface Served {
  readonly folder: string;
  /** The scenario to show, read anew each time; null for none. */
  readonly opened: (() => Opened) | null;
}

/** A page served to this machine alone. */
export interface PageServer {
  /** Address of the page; ends in a slash. */
  readonly url: string;
  /** Tells open pages that the scenario has changed. */
  readonly changed: () => void;
  readonly close: () => void;
}

/** Serves the page on a port of this machine; 0 for any that is free. */
export async function servePage(served: Served, port: number): Promise<PageServer> {
  const listeners = new Set<ServerResponse>();
  const server = createServer((request, response) => {
    try {
      answer(served, listeners, { request, response });
    } catch (error) {
      send(response, 500, { type: '.json', body: JSON.stringify(String(error)) });
    }
  });
  await listen(server, port);
  const address = server.address();
  const found = typeof address === 'object' && address ? address.port : port;
  return {
    url: `http://127.0.0.1:${found}/`,
    changed: () => {
      for (const listener of listeners) listener.write('data: changed\n\n');
    },
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

const listen = (server: Server, port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', () => reject(usageError(`port ${port} is taken; leave --port out`)));
    server.listen(port, '127.0.0.1', resolve);
  });

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

const HERE = /^(127\.0\.0\.1|localhost)(:\d+)?$/;

function answer(served: Served, listeners: Set<ServerResponse>, { request, response }: Exchange) {
  // A page elsewhere whose name leads here must not read the file.
  if (!HERE.test(request.headers.host ?? '')) return send(response, 403, NOTHING);
  const { pathname } = new URL(request.url ?? '/', 'http://127.0.0.1');
  if (pathname === '/opened.json' && served.opened)
    return send(response, 200, { type: '.json', body: JSON.stringify(served.opened()) });
  if (pathname === '/opened/events' && served.opened) return listenTo(response, listeners);
  const path = join(served.folder, pathname === '/' ? 'index.html' : decodeURIComponent(pathname));
  const inside = path.startsWith(served.folder + sep);
  if (!inside || !existsSync(path) || statSync(path).isDirectory())
    return send(response, 404, NOTHING);
  const type = extname(path);
  if (type !== '.html' || !served.opened)
    return send(response, 200, { type, body: readFileSync(path) });
  const body = pageWith(readFileSync(path, 'utf8'), served.opened());
  return send(response, 200, { type, body });
}

interface Body {
  readonly type: string;
  readonly body: string | Uint8Array;
}

const NOTHING: Body = { type: '.html', body: '' };

function send(response: ServerResponse, status: number, { type, body }: Body): void {
  const headers = {
    'content-type': TYPES[type] ?? 'application/octet-stream',
    'cache-control': 'no-cache',
  };
  response.writeHead(status, headers).end(body);
}

function listenTo(response: ServerResponse, listeners: Set<ServerResponse>): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  response.write(': here\n\n');
  listeners.add(response);
  response.on('close', () => listeners.delete(response));
}
