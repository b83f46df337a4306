import type { LoadedRun } from '../app/loaded-run.ts';
import type { State } from '../app/state.ts';
import type { ExportKind } from './kinds.ts';

export interface Exporting {
  readonly run: LoadedRun;
  readonly state: State;
  readonly tell: (text: string) => void;
}

export async function exportRun(_kind: ExportKind, _of: Exporting): Promise<void> {}
