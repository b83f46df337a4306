import { type LoadedRun, withReply } from '../app/loaded-run.ts';
import type { Runs } from '../app/runs.ts';
import type { Sources } from '../app/sources.ts';
import type { State } from '../app/state.ts';
import type { Store } from '../app/store.ts';
import { changeOf } from '../branches/change.ts';
import type { Client } from '../worker/client.ts';
import type { OtherRun } from './state.ts';

/** The other run, as far as it is there. */
export type OtherLoad =
  | { readonly kind: 'coming' }
  | { readonly kind: 'failed'; readonly text: string }
  | { readonly kind: 'run'; readonly run: LoadedRun };

/** The other of two runs. */
export interface Other {
  /** Sends for the one the place names. */
  follow(state: State): void;
  load(): OtherLoad;
}

/** Sends for the other run, and keeps what comes. */
export function createOther(host: {
  readonly store: Store;
  readonly runs: Runs;
  readonly client: Client;
  readonly sources: Sources;
}): Other {
  const { store, runs, client, sources } = host;
  let asked = '';
  let load: OtherLoad = { kind: 'coming' };
  const arrive = (now: OtherLoad): void => {
    load = now;
    store.change(draft => {
      draft.arrivals++;
    });
  };

  const ask = async (
    key: string,
    { scenario, cell, branch }: OtherRun,
    seed: number,
  ): Promise<void> => {
    const found = scenario ? await sources.find(scenario, '') : null;
    const source = found && typeof found !== 'string' ? found.source : runs.source();
    if (!source || key !== asked) return;
    client.ask({ source, cell, seed, change: changeOf(branch) }, reply => {
      if (key !== asked) return;
      if (reply.kind === 'problems')
        arrive({ kind: 'failed', text: reply.problems[0]?.message ?? '' });
      else if (reply.kind === 'crash') arrive({ kind: 'failed', text: reply.message });
      else {
        const run = withReply(load.kind === 'run' ? load.run : undefined, reply);
        if (run) arrive({ kind: 'run', run });
      }
    });
  };

  return {
    load: () => load,
    follow({ place, load: mine }) {
      const run = runs.current();
      // What is asked for while another text is loading is forgotten.
      if (!place.compared || !run || mine.kind !== 'ready') {
        asked = '';
        load = { kind: 'coming' };
        return;
      }
      const { other } = place.compared;
      const key = JSON.stringify([other, runs.source()?.text, run.data.seed]);
      if (key === asked) return;
      asked = key;
      load = { kind: 'coming' };
      ask(key, other, run.data.seed).catch((error: unknown) =>
        arrive({ kind: 'failed', text: error instanceof Error ? error.message : String(error) }),
      );
    },
  };
}
