import { answer } from './answer.ts';
import type { RunRequest } from './protocol.ts';

addEventListener('message', ({ data }: MessageEvent<RunRequest>) => {
  answer(data, reply => postMessage(reply));
});
