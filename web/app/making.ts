import type { Flip } from '../../src/index.ts';
import { changeOf, flipKey, withFlip } from '../branches/change.ts';
import { EN } from '../i18n/en.ts';
import { TEXT_MAX } from '../share/pack.ts';
import type { WhatIf } from './context.ts';
import { download } from './download.ts';
import { idOfFile } from './opened.ts';
import { firstOtherFate } from './outcomes.ts';
import type { Runs } from './runs.ts';
import type { Store } from './store.ts';

/** What users can do to the text of a scenario, its links and its bits. */
export interface Making {
  /** The text is this now; it is run once nobody has typed for a moment. */
  editText(text: string): void;
  toggleEditor(): void;
  /** Goes to a place in the open text, line and column from 1. */
  goToLine(line: number, column: number): void;
  /** Everything typed is taken back. */
  discardEdits(): void;
  openFile(file: File): void;
  saveFile(): void;
  setTitle(title: string): void;
  /** The changed run is the one to go on with. */
  acceptDrift(): void;
  /** Runs once more with a bit of a record turned over. */
  flip(bit: Flip): void;
}

/** Nobody types for so long, in milliseconds, before a text is run. */
const TYPED_MS = 250;

/** What users can do to texts and bits, carried out on the store and the runs. */
export function createMaking(
  store: Store,
  how: {
    readonly runs: Runs;
    readonly whatIfs: Map<string, WhatIf>;
    readonly goToLine: (line: number, column: number) => void;
  },
): Making {
  const { runs, whatIfs } = how;
  const arrived = (): void =>
    store.change(draft => {
      draft.arrivals++;
    });
  let typed: string | null = null;
  let timer = 0;

  const runTyped = (): void => {
    clearTimeout(timer);
    if (typed !== null) runs.edit(typed, 'editor');
    typed = null;
  };

  return {
    editText(text) {
      typed = text;
      clearTimeout(timer);
      timer = window.setTimeout(runTyped, TYPED_MS);
    },
    toggleEditor() {
      runTyped();
      store.change(draft => {
        draft.editor = !draft.editor;
      });
    },
    goToLine: how.goToLine,
    discardEdits() {
      clearTimeout(timer);
      typed = null;
      const original = runs.original();
      if (original !== null) runs.edit(original, 'outside');
    },
    openFile(file) {
      if (file.size > TEXT_MAX) {
        store.change(draft => {
          draft.load = { kind: 'link', why: 'oversized' };
        });
        return;
      }
      void file.text().then(text => {
        const source = { file: file.name, text, others: {} };
        runs.open({ scenario: idOfFile(file.name), cell: null, source });
      });
    },
    saveFile() {
      const source = runs.source();
      if (!source) return;
      const text = typed ?? source.text;
      runTyped();
      const name = source.file.slice(source.file.lastIndexOf('/') + 1);
      download(new Blob([text], { type: 'application/yaml' }), name);
    },
    setTitle: title =>
      store.change(draft => {
        draft.place.title = title;
      }),
    acceptDrift: () =>
      store.change(draft => {
        draft.drift = null;
        draft.place.digest = runs.current()?.digest ?? '';
      }),
    flip(bit) {
      const mine = runs.current();
      const key = flipKey(bit);
      whatIfs.set(key, { kind: 'running' });
      runs.fork(withFlip(changeOf(store.state().place.branch), bit), other => {
        if (!other || !mine) whatIfs.set(key, { kind: 'failed' });
        else {
          const differs = firstOtherFate(mine.data.film, other.run.data.film);
          const text = differs ? EN.bits.turnedTo(differs) : EN.bits.turnedSame;
          whatIfs.set(key, { kind: 'done', text, branch: other.branch });
        }
        arrived();
      });
      arrived();
    },
  };
}
