/**
 * Keeps the page for use without a network. What the build made is kept by name; the page itself is
 * asked for over the network first, so that a new version shows as soon as there is one.
 */

/** The files of this build, and a name for them together: put in when the page is built. */
declare const __FILES__: readonly string[];
declare const __VERSION__: string;

/** The part of a service worker’s surroundings that is used here. */
interface Surroundings {
  readonly registration: { readonly scope: string };
  readonly clients: { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
  addEventListener(type: 'install' | 'activate', listener: (event: Lasting) => void): void;
  addEventListener(type: 'fetch', listener: (event: Fetching) => void): void;
}

interface Lasting extends Event {
  waitUntil(work: Promise<unknown>): void;
}

interface Fetching extends Lasting {
  readonly request: Request;
  respondWith(response: Promise<Response>): void;
}

const here = self as unknown as Surroundings;
/** Pages of other paths of the same server have stores of their own. */
const OWN = `irqscope ${here.registration.scope} `;
const STORE = OWN + __VERSION__;
const PAGE = new URL('index.html', here.registration.scope).href;

here.addEventListener('install', event => {
  const fill = async (): Promise<void> => {
    const store = await caches.open(STORE);
    await store.addAll([...__FILES__]);
    await here.skipWaiting();
  };
  event.waitUntil(fill());
});

here.addEventListener('activate', event => {
  const clear = async (): Promise<void> => {
    const names = (await caches.keys()).filter(name => name.startsWith(OWN) && name !== STORE);
    await Promise.all(names.map(name => caches.delete(name)));
    await here.clients.claim();
  };
  event.waitUntil(clear());
});

here.addEventListener('fetch', event => {
  const { request } = event;
  if (request.method !== 'GET' || !request.url.startsWith(here.registration.scope)) return;
  event.respondWith(request.mode === 'navigate' ? pageFirst(request) : keptFirst(request));
});

/** The page as the network has it now, else as it was kept. */
async function pageFirst(request: Request): Promise<Response> {
  try {
    return await fetch(request);
  } catch (error) {
    const kept = await (await caches.open(STORE)).match(PAGE);
    if (!kept) throw error;
    return kept;
  }
}

const keptFirst = async (request: Request): Promise<Response> =>
  (await (await caches.open(STORE)).match(request)) ?? fetch(request);
