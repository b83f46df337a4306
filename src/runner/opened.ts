import type { Cell } from '../scenario/resolve.ts';

/** A scenario the command line hands to the page, as a block of data in it. */
export interface Opened {
  readonly format: 'irqscope-opened/1';
  /** Name of the scenario’s file, and its text. */
  readonly file: string;
  readonly text: string;
  /** Texts of the files it extends, by name. */
  readonly others: Readonly<Record<string, string>>;
  /** The variant to show; null for the first. */
  readonly cell: Cell | null;
  /** The seed of its random streams; null for the scenario’s own. */
  readonly seed: number | null;
  /** Where the page opens: before the first record, or where something went wrong. */
  readonly at: 'start' | 'violation';
  /** The server tells when the file changes. */
  readonly live: boolean;
}

/** Id of the element in the page that holds it. */
export const OPENED_ID = 'opened';

/** The page with a scenario in it. */
export function pageWith(html: string, opened: Opened): string {
  // Text can’t end the element it is in.
  const json = JSON.stringify(opened).replaceAll('<', '\\u003c');
  const element = `<script type="application/json" id="${OPENED_ID}">${json}</script>`;
  return html.replace('</head>', () => `${element}\n  </head>`);
}
