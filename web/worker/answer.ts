import {
  type Cell,
  chooseRun,
  filmOf,
  loadScenario,
  type Machine,
  RULES,
  runScenario,
  type Scenario,
  sameChoices,
  tablesFilmOf,
} from '../../src/index.ts';
import { resolvePath } from './answer-path.ts';
import type { Change, Reply, RunData, RunRequest } from './protocol.ts';

/** Runs what is asked for and says what came of it, a piece at a time. */
export function answer(request: RunRequest, say: (reply: Reply) => void): void {
  const { id } = request;
  try {
    run(request, say);
  } catch (error) {
    say({ id, kind: 'crash', message: error instanceof Error ? error.message : String(error) });
  }
}

function run({ id, source, cell, change }: RunRequest, say: (reply: Reply) => void): void {
  const { scenarios, problems } = loadScenario(source.file, source.text, (path, from) => {
    const file = resolvePath(path, from);
    const text = source.others[file];
    return text === undefined ? null : { file, text };
  });
  if (scenarios.length === 0) {
    say({ id, kind: 'problems', problems });
    return;
  }
  const scenario = scenarios.find(one => sameCell(one.cell, cell)) ?? scenarios[0];
  const machine = changed(scenario.machine, change);
  const cells = scenarios.map(one => one.cell);
  const { data, choices } = runData(scenario, machine, { cells, change });
  say({ id, kind: 'run', run: data });
  const chance = sameChoices(choices, scenario.seed);
  say({ id, kind: 'tables', tables: tablesFilmOf(machine, scenario.program, chance) });
  say({ id, kind: 'verdict', verdict: runScenario({ ...scenario, machine }) });
}

const sameCell = (a: Cell, b: Cell | null): boolean =>
  b !== null && Object.keys(a).every(axis => a[axis] === b[axis]);

const changed = (machine: Machine, { off }: Change): Machine =>
  off.length === 0 ? machine : { ...machine, off: [...new Set([...machine.off, ...off])] };

function runData(
  scenario: Scenario,
  machine: Machine,
  at: { readonly cells: readonly Cell[]; readonly change: Change },
): { data: RunData; choices: readonly number[] } {
  const { view, index, tried } = chooseRun(scenario, machine);
  const { name, title, refs, cell, seed, program } = scenario;
  const data: RunData = {
    name,
    title,
    refs,
    cell,
    cells: at.cells,
    seed,
    machine,
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
    end: view.end,
    order: program.time.mode === 'interleave' ? { index, tried } : null,
    change: at.change,
  };
  return { data, choices: view.choices };
}
