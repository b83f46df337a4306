import type {
  Failure,
  LessonReply,
  LessonRequest,
  Reply,
  Request,
  RunReply,
  RunRequest,
} from './protocol.ts';
import { startWorker } from './start.ts';

/** Sends requests to the simulator and hears its replies, until the last one of each. */
export interface Client {
  ask(request: Omit<RunRequest, 'id'>, hear: (reply: RunReply) => void): void;
  /** The same of a lesson: one reply. */
  askLesson(request: Omit<LessonRequest, 'id'>, hear: (reply: LessonReply) => void): void;
  /** Nobody waits any more for what was asked so far. */
  forget(): void;
}

/** A simulator at work. */
interface Simulator {
  readonly send: (request: Request) => void;
  /** Stops it, whatever it is at; false where it can’t be stopped. */
  readonly stop: () => boolean;
}

/** A request that was not answered to the end. */
interface Open {
  readonly request: Request;
  /** Null: nobody waits for it any more. */
  readonly hear: ((reply: Reply) => void) | null;
}

/** Replies after which none follows. */
const LAST: readonly Reply['kind'][] = [
  'verdict',
  'problems',
  'crash',
  'part',
  'judgement',
  'solution',
];

const isAboutLesson = (reply: Reply): reply is LessonReply =>
  reply.kind === 'part' || reply.kind === 'judgement' || reply.kind === 'solution';
const isFailure = (reply: Reply): reply is Failure =>
  reply.kind === 'problems' || reply.kind === 'crash';

/** A request nobody waits for may keep the simulator busy for so long, in milliseconds. */
const PATIENCE_MS = 300;

/** A simulator in a worker; on the page's own thread where the browser allows no worker. */
export function createClient(): Client {
  const open = new Map<number, Open>();
  let last = 0;

  const hear = (reply: Reply): void => {
    const known = open.get(reply.id);
    if (LAST.includes(reply.kind)) open.delete(reply.id);
    known?.hear?.(reply);
  };
  const start = (): Simulator => {
    try {
      return beside(hear, () => {
        simulator = here(hear);
        sendAll();
      });
    } catch {
      return here(hear);
    }
  };
  const sendAll = (): void => {
    for (const { request } of open.values()) simulator.send(request);
  };
  const isForgotten = (): boolean => [...open.values()].some(one => one.hear === null);

  /** Begins anew where something nobody waits for goes on and on. */
  const hurry = (): void => {
    if (!isForgotten() || !simulator.stop()) return;
    for (const [id, one] of open) if (one.hear === null) open.delete(id);
    simulator = start();
    sendAll();
  };

  const send = (request: Request, listener: (reply: Reply) => void): void => {
    open.set(request.id, { request, hear: listener });
    simulator.send(request);
  };

  let simulator = start();
  return {
    ask: (request, listener) =>
      send({ ...request, id: ++last }, reply => {
        if (!isAboutLesson(reply)) listener(reply);
      }),
    askLesson: (request, listener) =>
      send({ ...request, id: ++last }, reply => {
        if (isAboutLesson(reply) || isFailure(reply)) listener(reply);
      }),
    forget() {
      for (const [id, { request }] of open) open.set(id, { request, hear: null });
      if (isForgotten()) setTimeout(hurry, PATIENCE_MS);
    },
  };
}

function beside(hear: (reply: Reply) => void, giveUp: () => void): Simulator {
  const worker = startWorker();
  worker.addEventListener('message', ({ data }: MessageEvent<Reply>) => hear(data));
  worker.addEventListener('error', giveUp);
  return {
    send: request => worker.postMessage(request),
    stop() {
      worker.terminate();
      return true;
    },
  };
}

function here(hear: (reply: Reply) => void): Simulator {
  return {
    send(request) {
      import('./answer.ts').then(
        ({ answer }) => answer(request, hear),
        () => hear({ id: request.id, kind: 'crash', message: NO_SIMULATOR }),
      );
    },
    stop: () => false,
  };
}

const NO_SIMULATOR = 'The simulator could not be loaded. Is there a connection?';
