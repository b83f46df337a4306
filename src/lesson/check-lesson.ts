import { type AssertResult, runScenario } from '../runner/run-scenario.ts';
import type { Cell } from '../scenario/resolve.ts';
import type { AskYaml, OptionYaml } from '../scenario/schema-lesson.ts';
import { askedOf } from './kinds.ts';
import { rollsOf } from './lesson-cells.ts';
import type { LessonFile } from './lesson-file.ts';
import { libraryOf } from './lesson-part.ts';
import type { Given, Question } from './question.ts';
import { recordAt, standAt } from './select.ts';
import { type Library, numberOf, runIn } from './value.ts';

/** Something wrong with a part of a lesson; empty where all is well. */
type Faults = readonly string[];

/**
 * What only the runs can tell about a lesson, part by part and with every set of numbers: that each
 * question has an answer, that each wrong answer is told something, that each task can be done.
 */
export function checkLesson(file: LessonFile): AssertResult[] {
  return file.lesson.parts.map(({ title }, part) => {
    const faults = rollsOf(file).flatMap((_, roll) => faultsOf(file, part, roll));
    return {
      text: `lesson part ${part + 1}, ${title}`,
      pass: faults.length === 0,
      found: [...new Set(faults)].join('; '),
      file: file.scenarios[0].file,
      line: 1,
    };
  });
}

function faultsOf(file: LessonFile, part: number, roll: number): Faults {
  const { at, ask } = file.lesson.parts[part];
  const library = libraryOf(file, part, roll);
  const run = runIn(library);
  const faults: string[] = [];
  if (standAt(run, at) === null) faults.push('at: there is no such record in the run');
  if (!ask) return faults;
  if (ask.until && !recordAt(run, ask.until)) faults.push('until: there is no such record');
  if (ask.repair) return [...faults, ...repairFaults(file, part, library.cell)];
  return [...faults, ...askFaults(library, ask)];
}

function askFaults(library: Library, ask: AskYaml): Faults {
  const asked = askedOf(library, ask);
  if (!asked) return ['nothing is asked'];
  const { right } = asked.answer();
  const faults: string[] = [];
  if (right.length === 0) faults.push('no answer is right');
  const options = ask.choose ?? ask.verdict?.reasons;
  if (options && right.length > 1) faults.push('more than one answer is right');
  if (options) faults.push(...silentOptions(options, right));
  for (const given of wrongAnswers(asked.question(), right))
    if (asked.misconception(given) === '') faults.push(`${given[0]} is wrong, and is told nothing`);
  for (const { value } of ask.fill?.wrong ?? [])
    if (numberOf(library, value) === numberOf(library, ask.fill?.value ?? 0))
      faults.push('a number listed as wrong is right');
  return faults;
}

/** Wrong options without a misconception. */
const silentOptions = (options: readonly OptionYaml[], right: readonly Given[]): Faults =>
  options.flatMap(({ text, misconception }, i) =>
    misconception === undefined && !right.some(answer => answer.includes(String(i)))
      ? [`'${text}' is wrong, and names no misconception`]
      : [],
  );

/** Answers of each sort that are not right, options aside. */
function wrongAnswers(question: Question, right: readonly Given[]): Given[] {
  const isWrong = (given: Given): boolean =>
    !right.some(answer => JSON.stringify(answer) === JSON.stringify(given));
  switch (question.kind) {
    case 'component':
    case 'field':
      return question.choices.map(({ key }) => [key]).filter(isWrong);
    case 'order':
      return [question.choices.map(({ key }) => key).reverse()].filter(isWrong);
    case 'roles':
      return question.choices.map(({ key }) => question.places.map(() => key)).filter(isWrong);
    case 'fill':
      return [['']];
    case 'verdict':
      return question.choices
        .filter(fate => fate !== right[0]?.[0])
        .map(fate => [fate, right[0]?.[1] ?? '']);
    case 'choose':
    case 'repair':
      return [];
  }
}

/** A task must not be done from the beginning, and its solution must do it. */
function repairFaults(file: LessonFile, part: number, cell: Cell): Faults {
  const missing = (which: 'start' | 'solution'): string[] => {
    const { scenarios, problems } = file.attempt(part, cell, file.taskText(part, cell, which));
    if (scenarios.length === 0) return problems.map(({ message }) => message);
    return scenarios
      .flatMap(scenario => runScenario(scenario).asserts)
      .flatMap(({ text, pass, found }) => (pass ? [] : [`${text}: ${found}`]));
  };
  const left = missing('solution');
  return [
    ...(missing('start').length === 0 ? ['the task is done before anything is changed'] : []),
    ...(left.length > 0 ? [`the solution does not reach the goal: ${left.join(', ')}`] : []),
  ];
}
