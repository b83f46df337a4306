import { html, svg, type TemplateResult } from 'lit-html';
import { guard } from 'lit-html/directives/guard.js';
import type { Fate } from '../../src/index.ts';
import type { LoadedRun } from '../app/runs.ts';
import { FATE_SHAPES, REFUSED_SHAPE } from '../stage/glyphs.ts';

/** Height of the strip in pixels. */
const STRIP = 16;
/** Beyond this many of a kind, marks are drawn as a density. */
const MARKS_MAX = 200;

interface Mark {
  readonly seq: number;
  readonly kind: Fate | 'refused' | 'bookmark';
}

/** Verdicts, refusals, bookmarks and steps along the run, as a strip over the scrubber. */
export function markers(run: LoadedRun, bookmarks: readonly number[]): unknown {
  const { film } = run.data;
  return guard([run.data, bookmarks], () => {
    const marks: Mark[] = [
      ...film.journeys
        .filter(({ fateSeq }) => fateSeq < run.data.trace.length)
        .map(({ fateSeq, fate }): Mark => ({ seq: fateSeq, kind: fate })),
      ...film.refusals.map(({ seq }): Mark => ({ seq, kind: 'refused' })),
      ...bookmarks.map((seq): Mark => ({ seq, kind: 'bookmark' })),
    ];
    return strip(run, thin(marks));
  });
}

/** At most so many marks, those of the worst kinds first. */
function thin(marks: readonly Mark[]): Mark[] {
  if (marks.length <= MARKS_MAX) return [...marks];
  const bad = marks.filter(({ kind }) => kind !== 'delivered');
  const every = Math.ceil(marks.length / MARKS_MAX);
  return [...marks.filter((_, i) => i % every === 0), ...bad.slice(0, MARKS_MAX)];
}

function strip(run: LoadedRun, marks: readonly Mark[]): TemplateResult {
  const length = Math.max(1, run.data.trace.length);
  const at = (seq: number): string => `${((seq + 1) / length) * 100}%`;
  const steps = run.stepStart.filter(seq => seq >= 0).slice(0, MARKS_MAX);
  return html`
    <svg class="markers" width="100%" height=${STRIP} aria-hidden="true">
      ${steps.map(
        seq => svg`<line class="tick" x1=${at(seq)} x2=${at(seq)} y1="10" y2=${STRIP}></line>`,
      )}
      ${marks.map(
        ({ seq, kind }) => svg`
          <svg x=${at(seq)} y="6" overflow="visible">
            <path class="mark ${kind}" d=${shapeOf(kind)} transform="scale(0.6)"></path>
          </svg>
        `,
      )}
    </svg>
  `;
}

const shapeOf = (kind: Mark['kind']): string =>
  kind === 'refused'
    ? REFUSED_SHAPE
    : kind === 'bookmark'
      ? 'M-6 -9h12v18l-6 -5l-6 5z'
      : FATE_SHAPES[kind];
