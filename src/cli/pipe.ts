import { EXIT } from './exit.ts';

/** Ends the program quietly when whoever reads its output has seen enough, as `head` does. */
export function quietPipes(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(EXIT.ok);
    throw error;
  });
}
