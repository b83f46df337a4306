import { OPENED_ID, type Opened } from '../../src/index.ts';
import type { Source } from '../worker/protocol.ts';

/** The scenario the command line has put into this page; null for none. */
export function openedIn(document: Document): Opened | null {
  const text = document.getElementById(OPENED_ID)?.textContent;
  return text ? (JSON.parse(text) as Opened) : null;
}

/** The name links use for a file: its path without its ending. */
export const idOfFile = (file: string): string => file.replace(/\.ya?ml$/, '');

export const sourceOfOpened = ({ file, text, others }: Opened): Source => ({ file, text, others });

/** Hears from the server of `irqscope view` when the file has changed. */
export function followFile(changed: (opened: Opened) => void): void {
  new EventSource('./opened/events').addEventListener('message', () => {
    void fetch('./opened.json').then(async answer => {
      // A file that is away for a moment is no change.
      if (answer.ok) changed((await answer.json()) as Opened);
    });
  });
}
