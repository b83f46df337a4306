import { answer } from './answer.ts';
import type { RunRequest } from './protocol.ts';

/** Answers every request that comes to this worker. */
export function listen(): void {
  addEventListener('message', ({ data }: MessageEvent<RunRequest>) => {
    answer(data, reply => postMessage(reply));
  });
}
