import type { Reply, RunRequest } from './protocol.ts';

/** Sends requests to the simulator and hears its replies, until the last one of each. */
export interface Client {
  ask(request: Omit<RunRequest, 'id'>, hear: (reply: Reply) => void): void;
}

type Send = (request: RunRequest) => void;

/** Replies after which none follows. */
const LAST: readonly Reply['kind'][] = ['verdict', 'problems', 'crash'];

/** A simulator in a worker; on the page's own thread where the browser allows no worker. */
export function createClient(): Client {
  const hearers = new Map<number, (reply: Reply) => void>();
  const hear = (reply: Reply): void => {
    hearers.get(reply.id)?.(reply);
    if (LAST.includes(reply.kind)) hearers.delete(reply.id);
  };
  const waiting = new Map<number, RunRequest>();
  let send: Send;
  try {
    send = startWorker(
      reply => {
        waiting.clear();
        hear(reply);
      },
      () => {
        send = sendHere(hear);
        for (const request of waiting.values()) send(request);
      },
    );
  } catch {
    send = sendHere(hear);
  }
  let last = 0;
  return {
    ask(request, listener) {
      const id = ++last;
      hearers.set(id, listener);
      waiting.set(id, { ...request, id });
      send({ ...request, id });
    },
  };
}

function startWorker(hear: (reply: Reply) => void, giveUp: () => void): Send {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
  worker.addEventListener('message', ({ data }: MessageEvent<Reply>) => hear(data));
  worker.addEventListener('error', giveUp);
  return request => worker.postMessage(request);
}

const sendHere =
  (hear: (reply: Reply) => void): Send =>
  request => {
    void import('./answer.ts').then(({ answer }) => answer(request, hear));
  };
