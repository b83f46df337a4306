import { availableParallelism } from 'node:os';
import { parentPort, Worker } from 'node:worker_threads';
import { type Job, type JobResults, perform } from './jobs.ts';

/** Number of workers when nobody says: as many as there are cores. */
export const coreCount = (): number => availableParallelism();

interface Order {
  readonly id: number;
  readonly job: Job;
}

interface Reply {
  readonly id: number;
  readonly result?: JobResults[Job['kind']];
  readonly error?: string;
}

/** In a worker: does jobs as they come. */
export function serveJobs(): void {
  parentPort?.on('message', ({ id, job }: Order) => {
    parentPort?.postMessage(replyTo(id, job));
  });
}

function replyTo(id: number, job: Job): Reply {
  try {
    return { id, result: perform(job) };
  } catch (error) {
    return { id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

/** How jobs are done; `onResult` is told of each as it is done, in whatever order. */
export interface Pool<K extends Job['kind']> {
  readonly workers: number;
  readonly onResult?: (result: JobResults[K], index: number) => void;
  /** Ends the work early; results so far are kept. */
  readonly signal?: AbortSignal;
}

/**
 * Does jobs in worker threads. The results are in the order of the jobs, whatever the number of
 * workers; undefined for those that were not done. Rejects when a job throws.
 */
export function runJobs<K extends Job['kind']>(
  jobs: readonly (Job & { readonly kind: K })[],
  pool: Pool<K>,
): Promise<(JobResults[K] | undefined)[]> {
  const results: (JobResults[K] | undefined)[] = jobs.map(() => undefined);
  const count = Math.max(1, Math.min(pool.workers, jobs.length));
  if (jobs.length === 0) return Promise.resolve(results);
  return new Promise((resolve, reject) => {
    let next = 0;
    let done = 0;
    const workers = Array.from({ length: count }, () => new Worker(new URL(import.meta.url)));
    const end = (settle: () => void): void => {
      for (const worker of workers) void worker.terminate();
      settle();
    };
    pool.signal?.addEventListener('abort', () => end(() => resolve(results)));
    const feed = (worker: Worker): void => {
      if (next < jobs.length) worker.postMessage({ id: next, job: jobs[next++] });
    };
    for (const worker of workers) {
      worker.on('error', error => end(() => reject(error)));
      worker.on('message', ({ id, result, error }: Reply) => {
        if (error !== undefined) return end(() => reject(new Error(error)));
        results[id] = result as JobResults[K];
        pool.onResult?.(result as JobResults[K], id);
        done++;
        if (done === jobs.length) return end(() => resolve(results));
        feed(worker);
      });
      feed(worker);
    }
  });
}
