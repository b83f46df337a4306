import { checkLabel, checkStatePlace, type Naming } from './expect-names.ts';
import { OFF_NAMES } from './known-names.ts';
import { fail, failKey, type Linker, refer, unknownName } from './linker.ts';
import { suggest } from './problem.ts';
import { axesOf, type Cell, matchesCell } from './resolve.ts';
import type { CountedYaml, RecordYaml, ValueYaml } from './schema-lesson.ts';
import type { Path } from './source-tree.ts';

/** What the names in a part of a lesson refer to, and the variant the part is about. */
export interface Here extends Naming {
  /** The variant that is compiled now. */
  readonly cell: Cell;
  /** What the part says of its variant. */
  readonly about: Readonly<Record<string, unknown>>;
}

/** Whether something is about the variant that is compiled now: only then its names are checked. */
export const isHere = (here: Here, cell: Readonly<Record<string, unknown>> = {}): boolean =>
  matchesCell({ ...here.about, ...cell }, here.cell);

/** Whether the file varies along an axis. */
export function checkAxis(linker: Linker, path: Path, axis: string, isKey?: true): boolean {
  const known = axesOf(linker.root).map(([name]) => name);
  if (known.includes(axis)) return true;
  const hint = suggest(axis, known) || `write vary: { ${axis}: … }`;
  const report = isKey ? failKey : fail;
  report(linker, path, 'ref/axis', `there is no axis '${axis}' under vary`, hint);
  return false;
}

/** Whether a variant a lesson names has axes and values the file has. */
export function checkAxes(
  linker: Linker,
  path: Path,
  cell: Readonly<Record<string, unknown>> | undefined,
): void {
  const axes = new Map(axesOf(linker.root));
  for (const [axis, value] of Object.entries(cell ?? {})) {
    const at = [...path, axis];
    if (!checkAxis(linker, at, axis, true)) continue;
    const values = axes.get(axis) ?? [];
    if (values.includes(String(value))) continue;
    const hint = suggest(String(value), values);
    fail(linker, at, 'ref/axis', `axis ${axis} has no value '${value}'`, hint);
  }
}

/** Whether a record a lesson points at can be there. */
export function checkRecord(
  linker: Linker,
  path: Path,
  record: RecordYaml | CountedYaml,
  here: Here,
): void {
  const { machine, program } = here;
  if (record.step !== undefined) checkLabel(linker, record.step, [...path, 'step'], program);
  if (record.layer !== undefined) checkLayer(linker, record.layer, [...path, 'layer'], here);
  if (record.unit !== undefined && record.act !== 'write') {
    const message = `unit says what is written, and act is ${record.act}`;
    failKey(linker, [...path, 'unit'], 'lesson/unit', message, 'write act: write, or leave it out');
  }
  for (const key of ['check', 'failed'] as const) {
    const name = record[key];
    if (name === undefined || isCheck(name)) continue;
    const hint = suggest(name, OFF_NAMES);
    fail(linker, [...path, key], 'ref/check', `there is no check '${name}'`, hint);
  }
  if (record.by === undefined) return;
  const known = [
    ...machine.realms.map(({ name }) => name),
    ...machine.devices.map(({ name }) => name),
    ...machine.bridges.map(({ name }) => name),
    'ir',
  ];
  if (known.includes(record.by)) return;
  unknownName(linker, [...path, 'by'], { kind: 'realm', name: record.by, known });
}

/** A check by name, or a family of them: `vtd/*`. */
const isCheck = (name: string): boolean =>
  OFF_NAMES.some(
    known => known === name || (name.endsWith('/*') && known.startsWith(name.slice(0, -1))),
  );

/** A layer goes by its name, or by its kind where that is enough. */
function checkLayer(linker: Linker, name: string, path: Path, { machine }: Here): void {
  const known = machine.domains.map(domain => domain.name);
  const kinds = machine.domains.map(({ kind }): string => kind);
  if (known.includes(name) || kinds.includes(name)) return;
  const message = `there is no layer '${name}'`;
  fail(linker, path, 'ref/layer', message, suggest(name, [...new Set([...kinds, ...known])]));
}

/** Whether what a number is taken from is there. */
export function checkValue(linker: Linker, path: Path, value: ValueYaml, here: Here): void {
  if (typeof value === 'number') return;
  checkAxes(linker, [...path, 'cell'], value.cell);
  if (!isHere(here, value.cell)) return;
  if ('state' in value) checkStatePlace(linker, value.state, [...path, 'state'], here);
  else if ('count' in value) checkRecord(linker, [...path, 'count'], value.count, here);
  else checkRecord(linker, [...path, 'of'], value.of, here);
}

/** Whether the lesson knows a misconception by this name. */
export function checkMisconception(
  linker: Linker,
  path: Path,
  name: string | undefined,
  misconceptions: Readonly<Record<string, string>>,
): void {
  if (name === undefined || name in misconceptions) return;
  const hint = suggest(name, Object.keys(misconceptions)) || `write misconceptions: { ${name}: … }`;
  fail(linker, path, 'ref/misconception', `there is no misconception '${name}'`, hint);
}

/** Whether a realm is there. */
export function checkRealm(linker: Linker, path: Path, name: string, here: Here): void {
  refer(linker, path, { kind: 'realm', name, known: here.machine.realms.map(realm => realm.name) });
}
