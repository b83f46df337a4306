import { type Machine, NONE } from '../model/machine.ts';
import type { TraceRecord } from '../model/record.ts';
import { type Part, placeOf, type Spot, spotKey } from '../report/spots.ts';
import { type ComponentYaml, LESSON_PARTS } from '../scenario/schema-lesson.ts';
import { type Kind, wrongFor } from './kind.ts';
import type { LessonRun } from './lesson-runs.ts';
import { choosableParts } from './parts.ts';
import { recordAt } from './select.ts';
import { type Library, runIn } from './value.ts';

const HARDWARE: readonly Part[] = ['cpu', 'unit', 'bridge', 'device'];

/** The kinds of parts a file may name are those of the picture. */
const kindsOf = ({ among }: ComponentYaml): readonly Part[] =>
  among ? LESSON_PARTS.filter(part => among.includes(part)) : HARDWARE;

/** Spots that are the answer, and the record that shows it. */
function answerOf(library: Library, ask: ComponentYaml): { spots: Spot[]; seq: number } {
  const run = runIn(library);
  const { machine } = run.scenario;
  if (ask.at) {
    const record = recordAt(run, ask.at);
    return record
      ? { spots: [placeOf(machine, record).at], seq: record.seq }
      : { spots: [], seq: -1 };
  }
  if (ask.boundary) {
    const part = machine.remap.kind === 'none' ? 'bridge' : 'unit';
    return { spots: [{ part, of: '' }], seq: -1 };
  }
  const other = runIn(library, ask.differs ?? ask.same);
  const wanted = ask.differs !== undefined;
  const spots = layersOf(machine).filter(
    layer => (doneBy(run, layer) !== doneBy(other, layer)) === wanted,
  );
  return { spots: spots.map(({ spot }) => spot), seq: -1 };
}

/** A layer, and the name it goes by in all variants: bus layers have other kinds for other stores. */
interface Layer {
  readonly spot: Spot;
  readonly realm: number;
  readonly device: number;
  readonly kind: string;
}

const layersOf = (machine: Machine): Layer[] =>
  machine.domains.map(({ name, realm, device, kind }) => ({
    spot: { part: 'domain', of: name },
    realm,
    device,
    kind: device === NONE ? kind : 'bus',
  }));

/** Everything a layer does in a run, one word a record. */
function doneBy({ scenario, view }: LessonRun, layer: Layer): string {
  const { machine } = scenario;
  const same = layersOf(machine).find(
    ({ realm, device, kind }) =>
      realm === layer.realm && device === layer.device && kind === layer.kind,
  );
  if (!same) return 'absent';
  return view.trace
    .filter(record => isBy(machine, record, same.spot))
    .map(wordOf)
    .join(' ');
}

function isBy(machine: Machine, record: TraceRecord, { of }: Spot): boolean {
  const { at, from } = placeOf(machine, record);
  return [at, from].some(spot => spot?.part === 'domain' && spot.of === of);
}

const wordOf = (record: TraceRecord): string =>
  record.act === 'write'
    ? `write-${record.unit}-${record.first}-${record.after.length}`
    : `${record.act}${'error' in record && record.error ? `-${record.error}` : ''}`;

/** Which part of the picture: where a record happens, or which layer does something else elsewhere. */
export const component: Kind<ComponentYaml> = {
  question(library, ask) {
    const { machine } = runIn(library).scenario;
    return { kind: 'component', choices: choosableParts(machine, kindsOf(ask)) };
  },
  answer(library, ask) {
    const { spots, seq } = answerOf(library, ask);
    return { right: spots.map(spot => [spotKey(spot)]), seq };
  },
  misconception(library, ask, [key]) {
    const { machine } = runIn(library).scenario;
    const chosen = choosableParts(machine, kindsOf(ask)).find(choice => choice.key === key);
    const domain = machine.domains.find(({ name }) => name === chosen?.spot?.of);
    const kinds = chosen?.spot?.part === 'domain' && domain ? [domain.name, domain.kind] : [];
    return wrongFor(ask.wrong, [key, ...kinds, chosen?.spot?.part ?? '']);
  },
};
