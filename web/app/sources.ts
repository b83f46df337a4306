import type { Opened } from '../../src/index.ts';
import { unpack } from '../share/pack.ts';
import type { Source } from '../worker/protocol.ts';
import { idOfFile, sourceOfOpened } from './opened.ts';
import { neighboursOf, sourceOf } from './scenarios.ts';
import type { LinkTrouble } from './state.ts';

/** A text to run, and what it was before anybody changed it; null where nobody knows. */
export interface Found {
  readonly source: Source;
  readonly original: string | null;
  readonly seed: number | null;
}

/** Where texts come from: the command line, the shipped scenarios, and links. */
export interface Sources {
  /** Rejects where a name is not known. */
  find(scenario: string, packed: string): Promise<Found | LinkTrouble>;
  /** Another text under a name. */
  of(file: string, text: string): Promise<Source>;
  /** The file the command line has opened is this now. */
  replace(opened: Opened): void;
}

/** Sources of texts; `first` is the file the command line has opened, if it has. */
export function createSources(first: Opened | null): Sources {
  let opened = first;

  const known = async (scenario: string): Promise<Source | null> => {
    if (opened && idOfFile(opened.file) === scenario) return sourceOfOpened(opened);
    return sourceOf(scenario);
  };
  const others = async (file: string, text: string): Promise<Source['others']> =>
    opened?.file === file ? opened.others : neighboursOf(file, text);

  return {
    async find(scenario, packed) {
      const seed = opened && idOfFile(opened.file) === scenario ? opened.seed : null;
      if (!packed) {
        const source = await known(scenario);
        if (!source) throw new Error(`There is no scenario ${scenario} here.`);
        return { source, original: source.text, seed };
      }
      const unpacked = await unpack(packed);
      if (unpacked.kind !== 'text') return unpacked.kind;
      const base = await known(scenario).catch(() => null);
      const { text } = unpacked;
      const file = base?.file ?? `${scenario}.yaml`;
      const source = { file, text, others: await others(file, text) };
      return { source, original: base?.text ?? null, seed };
    },
    of: async (file, text) => ({ file, text, others: await others(file, text) }),
    replace(now) {
      opened = now;
    },
  };
}
