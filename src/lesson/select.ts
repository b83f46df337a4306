import type { TraceRecord } from '../model/record.ts';
import type { CountedYaml, PlaceYaml, RecordYaml } from '../scenario/schema-lesson.ts';
import type { LessonRun } from './lesson-runs.ts';

/** All records of a run a lesson may mean, in order. */
export function recordsOf(run: LessonRun, want: RecordYaml | CountedYaml): TraceRecord[] {
  return run.view.trace.filter(record => {
    if (record.act !== want.act) return false;
    if (want.step !== undefined && !comesFrom(run, record, want.step)) return false;
    if (want.by !== undefined && record.actor !== want.by && unitOf(record) !== want.by)
      return false;
    if (want.layer !== undefined && !isOfLayer(run, record, want.layer)) return false;
    if (want.unit !== undefined && (record.act !== 'write' || record.unit !== want.unit))
      return false;
    if (want.check !== undefined && !hasCheck(record, want.check)) return false;
    if (want.failed !== undefined && !hasCheck(record, want.failed, 'failed')) return false;
    return want.error === undefined || want.error === hasFailed(record);
  });
}

/** The step a record goes back to has the label. */
function comesFrom({ scenario, film }: LessonRun, { seq }: TraceRecord, label: string): boolean {
  return scenario.program.steps[film.stepOf[seq]]?.label === label;
}

const unitOf = (record: TraceRecord): string => ('unit' in record ? record.unit : '');

function isOfLayer({ scenario }: LessonRun, record: TraceRecord, layer: string): boolean {
  if (!('domain' in record)) return false;
  const spec = scenario.machine.domains.find(({ name }) => name === record.domain);
  return record.domain === layer || spec?.kind === layer;
}

const hasFailed = (record: TraceRecord): boolean => 'error' in record && record.error !== null;

/** A rule by name, or one of a family: `dma/*`. */
const hasCheck = ({ checks }: TraceRecord, name: string, only?: 'failed'): boolean =>
  checks.some(
    ({ rule, pass }) =>
      (rule === name || (name.endsWith('/*') && rule.startsWith(name.slice(0, -1)))) &&
      (only === undefined || !pass),
  );

/** The one record a lesson points at; null where there is none. */
export function recordAt(run: LessonRun, want: RecordYaml): TraceRecord | null {
  const { nth = 1 } = want;
  return recordsOf(run, want).at(nth > 0 ? nth - 1 : nth) ?? null;
}

/** Number of records, and whether it is as wanted: without a number, once is enough. */
export function counted(run: LessonRun, want: CountedYaml): { count: number; fits: boolean } {
  const count = recordsOf(run, want).length;
  if (want.count !== undefined) return { count, fits: count === want.count };
  const { atLeast = want.atMost === undefined ? 1 : 0, atMost = Number.POSITIVE_INFINITY } = want;
  return { count, fits: atLeast <= count && count <= atMost };
}

/** The record the picture stands at: -1 before the first; null where there is no such place. */
export function standAt(run: LessonRun, place: PlaceYaml = 'start'): number | null {
  if (place === 'start') return -1;
  const { trace } = run.view;
  if (place === 'end') return trace.length - 1;
  if (!('before' in place)) return recordAt(run, place)?.seq ?? null;
  const { steps } = run.scenario.program;
  const step = trace.find(
    record => record.act === 'step' && steps[record.step].label === place.before,
  );
  return step ? step.seq - 1 : null;
}
