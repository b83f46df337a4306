import { checkAssertion, checkLabel, type Naming } from './expect-names.ts';
import {
  checkAxes,
  checkAxis,
  checkMisconception,
  checkRealm,
  checkRecord,
  checkValue,
  type Here,
  isHere,
} from './lesson-names.ts';
import { fail, failKey, type Linker } from './linker.ts';
import { suggest } from './problem.ts';
import type { Cell } from './resolve.ts';
import type { ScenarioYaml } from './schema.ts';
import {
  ASK_KINDS,
  type AskYaml,
  type ComponentYaml,
  type ConditionYaml,
  type FieldYaml,
  type FillYaml,
  LESSON_PARTS,
  LESSON_VERDICTS,
  type LessonYaml,
  type OptionYaml,
  type PartYaml,
} from './schema-lesson.ts';
import { nodeAt, type Path } from './source-tree.ts';

/** Most words a text of a lesson may have: what is read before something happens is short. */
export const WORDS_MAX = 80;

/** Word under `wrong` that stands for all answers that are not named. */
const OTHER = 'other';

interface Check extends Here {
  readonly misconceptions: LessonYaml['misconceptions'];
}

/**
 * The lesson of a file, with everything it names checked. What a part says is checked in the
 * variants it is about.
 */
export function compileLesson(
  linker: Linker,
  yaml: ScenarioYaml,
  naming: Naming & { readonly cell: Cell },
): LessonYaml | null {
  const { lesson } = yaml;
  if (!lesson) return null;
  const { misconceptions, numbers = [] } = lesson;
  for (const [i, axis] of numbers.entries()) checkAxis(linker, ['lesson', 'numbers', i], axis);
  for (const [i, part] of lesson.parts.entries())
    checkPart(linker, part, ['lesson', 'parts', i], {
      ...naming,
      misconceptions,
      about: part.cell ?? {},
    });
  return lesson;
}

function checkPart(linker: Linker, part: PartYaml, path: Path, check: Check): void {
  const { text, at, ask, cell, table, show } = part;
  checkWords(linker, [...path, 'text'], text);
  checkAxes(linker, [...path, 'cell'], cell);
  if (table && show !== 'tables')
    failKey(
      linker,
      [...path, 'table'],
      'lesson/table',
      'no tables are shown',
      'write show: tables',
    );
  if (typeof at === 'object' && isHere(check)) {
    const place = [...path, 'at'];
    if ('before' in at) checkLabel(linker, at.before, [...place, 'before'], check.program);
    else checkRecord(linker, place, at, check);
  }
  if (ask) checkAsk(linker, ask, [...path, 'ask'], check);
}

function checkWords(linker: Linker, path: Path, text: string): void {
  const words = text.split(/\s+/).filter(word => word !== '').length;
  if (words <= WORDS_MAX) return;
  const message = `a text has at most ${WORDS_MAX} words, this one has ${words}`;
  fail(linker, path, 'lesson/words', message, 'make it two parts, or shorter');
}

function checkAsk(linker: Linker, ask: AskYaml, path: Path, check: Check): void {
  checkWords(linker, [...path, 'explain'], ask.explain);
  const kinds = ASK_KINDS.filter(kind => ask[kind] !== undefined);
  if (!isOne(linker, path, { known: ASK_KINDS, found: kinds })) return;
  const at = [...path, kinds[0]];
  const { choose, component, field, fill, roles, order, verdict } = ask;
  if (ask.until && isHere(check)) checkRecord(linker, [...path, 'until'], ask.until, check);
  if (choose) checkOptions(linker, choose, at, check);
  if (component) checkComponent(linker, component, at, check);
  if (field) checkField(linker, field, at, check);
  if (fill) checkFill(linker, fill, at, check);
  if (roles?.realm && isHere(check)) checkRealm(linker, [...at, 'realm'], roles.realm, check);
  if (roles && isHere(check))
    checkWrong(linker, roles.wrong, at, { ...check, known: partNames(check) });
  if (order) {
    for (const [i, { record }] of order.of.entries())
      if (isHere(check)) checkRecord(linker, [...at, 'of', i, 'record'], record, check);
    checkMisconception(linker, [...at, 'otherwise'], order.otherwise, check.misconceptions);
  }
  if (verdict) {
    if (isHere(check)) checkLabel(linker, verdict.step, [...at, 'step'], check.program);
    checkOptions(linker, verdict.reasons, [...at, 'reasons'], check);
    checkWrong(linker, verdict.wrong, at, { ...check, known: LESSON_VERDICTS });
  }
}

/** A map has exactly one of several keys; otherwise it says which were found, or which there are. */
function isOne(
  linker: Linker,
  path: Path,
  { known, found }: { readonly known: readonly string[]; readonly found: readonly string[] },
): boolean {
  if (found.length === 1) return true;
  if (found.length === 0) {
    const hint = `known: ${known.join(', ')}`;
    fail(linker, path, 'lesson/kind', 'it does not say what is asked', hint);
    return false;
  }
  const node = nodeAt(linker.root, path);
  const written = node?.kind === 'map' ? [...node.entries.keys()] : [];
  const [first, second] = written.filter(key => found.includes(key));
  const message = `one is asked at a time, found ${first} and ${second}`;
  failKey(linker, [...path, second], 'lesson/kind', message, 'drop one of them');
  return false;
}

function checkOptions(
  linker: Linker,
  options: readonly OptionYaml[],
  path: Path,
  check: Check,
): void {
  for (const [i, { when, misconception }] of options.entries()) {
    if (when) checkCondition(linker, when, [...path, i, 'when'], check);
    const at = [...path, i, 'misconception'];
    checkMisconception(linker, at, misconception, check.misconceptions);
  }
  if (options.some(({ when }) => when)) return;
  const hint = 'give the right one a when: what is so in the run';
  fail(linker, path, 'lesson/no-answer', 'no option says when it is right', hint);
}

const CONDITIONS = ['holds', 'record', 'equal'] as const;

function checkCondition(linker: Linker, when: ConditionYaml, path: Path, check: Check): void {
  const found = CONDITIONS.filter(kind => when[kind] !== undefined);
  if (!isOne(linker, path, { known: CONDITIONS, found })) return;
  checkAxes(linker, [...path, 'cell'], when.cell);
  const there: Check = { ...check, about: { ...check.about, ...when.cell } };
  for (const [i, value] of (when.equal ?? []).entries())
    checkValue(linker, [...path, 'equal', i], value, there);
  if (!isHere(there)) return;
  if (when.holds) checkAssertion(linker, when.holds, [...path, 'holds'], check);
  if (when.record) checkRecord(linker, [...path, 'record'], when.record, check);
}

const COMPONENT_WAYS = ['at', 'boundary', 'differs', 'same'] as const;

function checkComponent(linker: Linker, what: ComponentYaml, path: Path, check: Check): void {
  const found = COMPONENT_WAYS.filter(way => what[way] !== undefined);
  isOne(linker, path, { known: COMPONENT_WAYS, found });
  if (what.at && isHere(check)) checkRecord(linker, [...path, 'at'], what.at, check);
  checkAxes(linker, [...path, 'differs'], what.differs);
  checkAxes(linker, [...path, 'same'], what.same);
  if (isHere(check)) checkWrong(linker, what.wrong, path, { ...check, known: partNames(check) });
}

const FIELD_WAYS = ['differs', 'checked'] as const;

function checkField(linker: Linker, what: FieldYaml, path: Path, check: Check): void {
  const found = FIELD_WAYS.filter(way => what[way] !== undefined);
  isOne(linker, path, { known: FIELD_WAYS, found });
  checkAxes(linker, [...path, 'differs'], what.differs);
  checkWrong(linker, what.wrong, path, { ...check, known: [] });
  if (!isHere(check)) return;
  checkRecord(linker, [...path, 'of'], what.of, check);
  if (what.checked) checkRecord(linker, [...path, 'checked'], what.checked, check);
}

function checkFill(linker: Linker, what: FillYaml, path: Path, check: Check): void {
  const { misconceptions } = check;
  checkValue(linker, [...path, 'value'], what.value, check);
  for (const [i, { value, misconception }] of (what.wrong ?? []).entries()) {
    checkValue(linker, [...path, 'wrong', i, 'value'], value, check);
    const at = [...path, 'wrong', i, 'misconception'];
    checkMisconception(linker, at, misconception, misconceptions);
  }
  checkMisconception(linker, [...path, 'otherwise'], what.otherwise, misconceptions);
}

/** Answers under `wrong`: each is one that can be given, and names a misconception. */
function checkWrong(
  linker: Linker,
  wrong: Readonly<Record<string, string>> | undefined,
  path: Path,
  { misconceptions, known }: Check & { readonly known: readonly string[] },
): void {
  for (const [answer, name] of Object.entries(wrong ?? {})) {
    const at = [...path, 'wrong', answer];
    checkMisconception(linker, at, name, misconceptions);
    if (known.length === 0 || known.includes(answer) || answer === OTHER) continue;
    const hint = suggest(answer, [...known, OTHER]);
    failKey(linker, at, 'ref/answer', `nobody can answer '${answer}' here`, hint);
  }
}

/** What an answer that is a part of the picture may be called. */
function partNames({ machine }: Check): string[] {
  const named = (part: string, things: readonly { readonly name: string }[]): string[] =>
    things.map(({ name }) => `${part}/${name}`);
  return [
    ...LESSON_PARTS,
    ...machine.domains.flatMap(({ name, kind }) => [kind, name]),
    ...named('cpu', machine.cpus),
    ...named('device', machine.devices),
    ...named('bridge', machine.bridges),
    ...named('domain', machine.domains),
    ...named('realm', machine.realms),
  ];
}
