/** Starts the simulator beside the page. Throws where the browser allows no worker. */
export const startWorker = (): Worker =>
  new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
