import { EXIT, type ExitCode } from './exit.ts';

/** Work that stops at Ctrl-C with what it has so far; then the exit code says so. */
export async function interruptible(
  work: (signal: AbortSignal) => Promise<ExitCode>,
): Promise<ExitCode> {
  const controller = new AbortController();
  const stop = (): void => controller.abort();
  process.once('SIGINT', stop);
  try {
    const code = await work(controller.signal);
    return controller.signal.aborted ? EXIT.interrupted : code;
  } finally {
    process.off('SIGINT', stop);
  }
}
