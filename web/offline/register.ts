import { OPENED_ID } from '../../src/index.ts';
import { isTest } from '../app/test-hook.ts';

/** Has the browser keep the page for use without a network, where it was served to stay. */
export function keepOffline(): void {
  const passing = document.getElementById(OPENED_ID) !== null || isTest();
  if (passing || !import.meta.env.PROD || !('serviceWorker' in navigator)) return;
  addEventListener('load', () => {
    navigator.serviceWorker.register('./service-worker.js').catch(() => {
      // A browser or a server that does not want it: the page works all the same.
    });
  });
}
