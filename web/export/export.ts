import { chromeTrace, mermaidText, runMarkdown, type Told } from '../../src/index.ts';
import { download } from '../app/download.ts';
import type { LoadedRun } from '../app/loaded-run.ts';
import type { State } from '../app/state.ts';
import { gifOf } from './gif.ts';
import type { ExportKind } from './kinds.ts';
import { printRun } from './print.ts';
import { pngOf } from './raster.ts';
import { openStudio } from './studio.ts';

/** What is saved, and who is told how far it is. */
export interface Exporting {
  readonly run: LoadedRun;
  readonly state: State;
  readonly tell: (text: string) => void;
}

/** Makes a file of a run and hands it to the user; printing opens the browser’s own dialog. */
export async function exportRun(kind: ExportKind, what: Exporting): Promise<void> {
  if (kind === 'print') return printRun(what);
  const { blob, ending } = await fileOf(kind, what);
  download(blob, `${nameOf(what)}.${ending}`);
}

interface Made {
  readonly blob: Blob;
  readonly ending: string;
}

const text = (content: string, type: string): Blob => new Blob([content], { type });

/** What the file holds. */
export async function fileOf(kind: Exclude<ExportKind, 'print'>, what: Exporting): Promise<Made> {
  const told = toldOf(what.run);
  switch (kind) {
    case 'svg':
      return { blob: text(pictureNow(what).svg, 'image/svg+xml'), ending: 'svg' };
    case 'png':
      return { blob: await pngOf(pictureNow(what)), ending: 'png' };
    case 'gif':
      return { blob: await gifOf(what), ending: 'gif' };
    case 'mermaid':
      return { blob: text(mermaidText(told), 'text/plain'), ending: 'mmd' };
    case 'chrome':
      return { blob: text(JSON.stringify(chromeTrace(told)), 'application/json'), ending: 'json' };
    case 'transcript':
      return { blob: text(runMarkdown(told), 'text/markdown'), ending: 'md' };
  }
}

/** The picture at the current record, at rest. */
function pictureNow({ run, state }: Exporting) {
  const studio = openStudio(run, { width: Math.max(state.width, 560), height: state.height });
  const picture = studio.at(state.place.seq);
  studio.close();
  return picture;
}

const toldOf = ({ data }: LoadedRun): Told => ({
  title: data.title,
  machine: data.machine,
  trace: data.trace,
  film: data.film,
  steps: data.steps,
});

const nameOf = ({ run, state }: Exporting): string =>
  `${run.data.name}-${state.place.seq + 1}`.replaceAll(/[^\w.-]+/g, '-');
