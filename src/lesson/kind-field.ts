import { type BitView, bitsAt } from '../runner/bits-view.ts';
import type { FieldYaml, RecordYaml } from '../scenario/schema-lesson.ts';
import { type Kind, wrongFor } from './kind.ts';
import type { LessonRun } from './lesson-runs.ts';
import type { BitChoice } from './question.ts';
import { recordAt } from './select.ts';
import { type Library, runIn } from './value.ts';

function viewOf(run: LessonRun, of: RecordYaml): BitView | null {
  const record = recordAt(run, of);
  return record && bitsAt(run.scenario.machine, run.view.trace, record.seq);
}

/** The fields of what is shown, by the bits they take. */
function choicesOf(view: BitView | null): BitChoice[] {
  const { entry, document } = view?.decoding ?? { entry: null, document: { fields: [] } };
  return document.fields.flatMap(({ name, part, bits }) => {
    const place = entry?.layout.fields[name];
    if (!place) return [];
    const parts = place.more ? [place, place.more] : [place];
    return [
      {
        key: name,
        text: `${part ? `${part} ` : 'bits '}${bits}`,
        bits: parts.flatMap(({ bit, width }) => Array.from({ length: width }, (_, i) => bit + i)),
      },
    ];
  });
}

/** Fields whose value is another one in another variant. */
function differing(library: Library, ask: FieldYaml): string[] {
  const [here, there] = [runIn(library), runIn(library, ask.differs)].map(
    run => viewOf(run, ask.of)?.decoding.document.fields ?? [],
  );
  return here
    .filter(({ name, value }) => {
      const other = there.find(field => field.name === name);
      return other !== undefined && other.value !== value;
    })
    .map(({ name }) => name);
}

/** Fields the check that failed in a record had a look at. */
function checkedIn(run: LessonRun, checked: RecordYaml): { names: string[]; seq: number } {
  const record = recordAt(run, checked);
  const inputs = record?.checks.filter(({ pass }) => !pass).flatMap(check => check.inputs) ?? [];
  const names = inputs.map(({ ref }) => ref.slice(ref.lastIndexOf('.') + 1));
  return { names, seq: record?.seq ?? -1 };
}

/** Which bits: those that differ elsewhere, or those a failed check read. */
export const field: Kind<FieldYaml> = {
  question(library, ask) {
    const run = runIn(library);
    const view = viewOf(run, ask.of);
    return {
      kind: 'field',
      words: view?.decoding.entry?.words ?? [],
      subject: view?.subject ?? 'message',
      choices: choicesOf(view),
    };
  },
  answer(library, ask) {
    const run = runIn(library);
    const known = choicesOf(viewOf(run, ask.of)).map(({ key }) => key);
    const found = ask.checked
      ? checkedIn(run, ask.checked)
      : { names: differing(library, ask), seq: recordAt(run, ask.of)?.seq ?? -1 };
    const right = found.names.filter(name => known.includes(name)).map(name => [name]);
    return { right, seq: found.seq };
  },
  misconception: (_, ask, [key]) => wrongFor(ask.wrong, [key]),
};
