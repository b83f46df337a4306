import { answer } from './answer.ts';
import type { Request } from './protocol.ts';

/** Answers every request that comes to this worker. */
export function listen(): void {
  addEventListener('message', ({ data }: MessageEvent<Request>) => {
    answer(data, reply => postMessage(reply));
  });
}
