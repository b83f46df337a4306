import {
  allServiced,
  breaksIsolation,
  type Cell,
  chooseRun,
  filmOf,
  forkAt,
  type Loaded,
  loadScenario,
  type Machine,
  type Problem,
  type Program,
  RULES,
  type RunView,
  runScenario,
  type Scenario,
  sameChoices,
  type TimedPatch,
  tablesFilmOf,
  traceDigest,
} from '../../src/index.ts';
import { sameCell } from '../app/cells.ts';
import { readOf } from './answer-path.ts';
import type { Change, Reply, Request, RunData, RunRequest, Source } from './protocol.ts';

/** Runs what is asked for and says what came of it, a piece at a time. */
export function answer(request: Request, say: (reply: Reply) => void): void {
  const { id } = request;
  const crash = (error: unknown): void =>
    say({ id, kind: 'crash', message: error instanceof Error ? error.message : String(error) });
  try {
    if ('lesson' in request || request.attempt)
      import('./answer-lesson.ts').then(lessons => takeLesson(request, lessons, say)).catch(crash);
    else run(request, loaded(request.source), say);
  } catch (error) {
    crash(error);
  }
}

/** Lessons are loaded when one is opened. */
function takeLesson(
  request: Request,
  lessons: typeof import('./answer-lesson.ts'),
  say: (reply: Reply) => void,
): void {
  if ('lesson' in request) lessons.answerLesson(request, say);
  else run(request, lessons.loadedAttempt(request), say);
}

const loaded = (source: Source): Loaded => loadScenario(source.file, source.text, readOf(source));

function run(request: RunRequest, from: Loaded, say: (reply: Reply) => void): void {
  const { id, cell, change } = request;
  const { scenarios, problems } = from;
  if (scenarios.length === 0) {
    say({ id, kind: 'problems', problems });
    return;
  }
  const found = scenarios.find(one => sameCell(cell, one.cell)) ?? scenarios[0];
  const machine = changed(found.machine, change);
  const scenario = { ...found, machine, seed: request.seed ?? found.seed };
  const shown = shownRun(scenario, change);
  if (!shown) throw new Error('that bit can’t be turned over');
  const data = runData(scenario, shown, {
    change,
    problems,
    cells: scenarios.map(one => one.cell),
  });
  say({ id, kind: 'run', run: data });
  say({ id, kind: 'digest', digest: traceDigest(data.trace, data.film.stepOf) });
  const { program, patches, view } = shown;
  const chance = sameChoices(view.choices, scenario.seed);
  say({ id, kind: 'tables', tables: tablesFilmOf(machine, program, { chance, patches }) });
  // Bits turn over in the run that is shown; the scenario’s other orders know nothing of it.
  say({ id, kind: 'verdict', verdict: change.flips.length > 0 ? null : runScenario(scenario) });
}

const changed = (machine: Machine, { off }: Change): Machine =>
  off.length === 0 ? machine : { ...machine, off: [...new Set([...machine.off, ...off])] };

/** A run worth looking at, and what makes it come out the same once more. */
interface ShownRun {
  readonly view: RunView;
  readonly program: Program;
  readonly patches: readonly TimedPatch[];
  readonly index: number;
  readonly tried: number;
}

function shownRun(scenario: Scenario, { flips }: Change): ShownRun | null {
  const { machine, program, seed } = scenario;
  const { view, index, tried } = chooseRun(scenario);
  if (flips.length === 0) return { view, program, patches: [], index, tried };
  const forked = forkAt({ machine, program, seed, choices: view.choices }, flips);
  return forked && { ...forked, index, tried };
}

function runData(
  scenario: Scenario,
  shown: ShownRun,
  at: {
    readonly cells: readonly Cell[];
    readonly change: Change;
    readonly problems: readonly Problem[];
  },
): RunData {
  const { name, title, refs, cell, seed, machine } = scenario;
  const { view, program, index, tried } = shown;
  return {
    name,
    title,
    refs,
    cell,
    cells: at.cells,
    seed,
    machine,
    program,
    steps: program.steps.map(({ text, what, label, by, source }) => ({
      text,
      verb: what.verb,
      label,
      realm: machine.realms[by].name,
      file: source.file,
      line: source.line,
    })),
    trace: view.trace,
    film: filmOf(machine, view.trace, view.findings),
    findings: view.findings.map(({ rule, seq, sentence, policy }) => ({
      rule,
      seq,
      sentence,
      policy,
      severity: RULES[rule].severity,
    })),
    isolated: !view.findings.some(breaksIsolation),
    works: allServiced(view),
    end: view.end,
    order: program.time.mode === 'interleave' ? { index, tried } : null,
    change: at.change,
    hasLesson: scenario.lesson !== null,
    problems: at.problems,
  };
}
