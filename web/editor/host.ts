import type { Late } from '../app/late.ts';
import type { Runs } from '../app/runs.ts';
import type { State } from '../app/state.ts';
import type { Code, CodeHost } from './code.ts';
import { openPlain } from './plain.ts';

/** Keeps the editor in step with the page. */
export interface EditorHost {
  /** Called after every drawing of the page. */
  follow(state: State): void;
  goTo(line: number, column: number): void;
}

/** What the editor shows now. */
interface Shown {
  readonly outside: number;
  readonly load: State['load'];
  readonly line: number;
}

/** Puts the editor into the place the page has for it, as soon as both are there. */
export function createEditorHost(
  root: HTMLElement,
  how: {
    readonly runs: Runs;
    readonly late: Late<typeof import('./code.ts')>;
    readonly changed: (text: string) => void;
  },
): EditorHost {
  const { runs, late, changed } = how;
  let element: HTMLElement | null = null;
  let code: Code | null = null;
  let shown: Shown | null = null;

  const leave = (): void => {
    if (code) root.querySelector<HTMLElement>('.edit-button')?.focus();
    code?.close();
    code = null;
    element = null;
    shown = null;
  };

  /** The editor, or a plain field where it can’t be had; null while it is on its way. */
  const openIn = (place: HTMLElement, text: string): Code | null => {
    const machine = () => runs.current()?.data.machine ?? null;
    const host: CodeHost = { text, changed, machine };
    if (place instanceof HTMLTextAreaElement) return openPlain(place, host);
    return late.get()?.openCode(place, host) ?? null;
  };

  return {
    follow(state) {
      const place = root.querySelector<HTMLElement>('.code');
      if (place !== element) leave();
      const source = runs.source();
      if (!place || !source) return;
      element = place;
      const known = code;
      code ??= openIn(place, source.text);
      if (!code) return;
      // Where keys are on the screen they would cover half of it unasked.
      if (!known && !matchMedia('(pointer: coarse)').matches) code.focus();
      const now = { outside: runs.outside(), load: state.load, line: lineOf(state, runs) };
      if (shown && shown.outside !== now.outside) code.setText(source.text);
      if (shown?.load !== now.load) code.setProblems(problemsOf(state, runs));
      if (shown?.line !== now.line) code.setLine(now.line);
      shown = now;
    },
    goTo: (line, column) => code?.goTo(line, column),
  };
}

/** What the loader says of the text, mistakes or warnings. */
export function problemsOf({ load }: State, runs: Pick<Runs, 'current' | 'source'>) {
  const file = runs.source()?.file;
  if (load.kind === 'problems') return load.problems.filter(({ at }) => at.file === file);
  if (load.kind !== 'ready') return [];
  return (runs.current()?.data.problems ?? []).filter(({ at }) => at.file === file);
}

/** The line of the step the picture is at; 0 where it is in another file. */
function lineOf({ place, load }: State, runs: Runs): number {
  const run = runs.current();
  if (!run || load.kind !== 'ready') return 0;
  const step = run.data.steps[run.data.film.stepOf[place.seq]];
  return step && step.file === runs.source()?.file ? step.line : 0;
}
