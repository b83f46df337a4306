import { TABLE_NAMES } from '../../src/index.ts';
import { comparedText, readCompared } from '../compare/link.ts';
import { FIRST_LIKENESS } from '../compare/state.ts';
import { cellText, readCell } from './cells.ts';
import {
  FIRST_STATE,
  type LinkTrouble,
  MAIN,
  type OpensAt,
  type Place,
  SHEETS,
  TABS,
  VIEWS,
} from './state.ts';

/** Version of the link format, first in every link. */
const VERSION = 1;

/** What a link says. */
export interface Link {
  readonly place: Place;
  /** Why it can’t be followed; null where it can. */
  readonly trouble: LinkTrouble | null;
  readonly opensAt: OpensAt;
}

/** The known word a text is; undefined for others. */
function oneOf<T extends string>(known: readonly T[], text: string | undefined): T | undefined {
  return known.find(word => word === text);
}

const WHOLE = /^-?\d{1,7}$/;
const PACKED = /^[A-Za-z0-9_-]*$/;
const DIGEST = /^[0-9a-f]{8}(\.[A-Za-z0-9_-]*)?$/;

/** Stands for the step that first breaks isolation, in place of a record. */
const VIOLATION = 'v';

const wholeNumber = (text: string | undefined): number | null =>
  text === undefined ? null : Number(text);

/** What every part must look like; a part that is not listed may be anything, and is left aside. */
const FORMS: Readonly<Record<string, RegExp>> = {
  e: /^(v|-?\d{1,7})$/,
  sel: WHOLE,
  y: PACKED,
  d: DIGEST,
  lesson: /^\d{1,3}$/,
  row: WHOLE,
};

const at = (place: Place, trouble: LinkTrouble | null = null): Link => ({
  place,
  trouble,
  opensAt: 'place',
});

/** What a link says; what it does not say is as at the start. */
export function readHash(hash: string): Link {
  const first = FIRST_STATE.place;
  const [version, ...rest] = hash.replace(/^#/, '').split(';');
  if (!/^\d+$/.test(version)) return at(first);
  if (Number(version) > VERSION) return at(first, 'newer');
  try {
    const parts = new Map(rest.map(readPart));
    const damaged = [...parts].some(([key, text]) => FORMS[key]?.test(text) === false);
    if (damaged) return at(first, 'damaged');
    return parts.get('e') === VIOLATION
      ? { ...at(placeOf(withoutEvent(parts))), opensAt: 'before-violation' }
      : at(placeOf(parts));
  } catch {
    // An escape that stands for no letter.
    return at(first, 'damaged');
  }
}

const withoutEvent = (parts: ReadonlyMap<string, string>): Map<string, string> =>
  new Map([...parts].filter(([key]) => key !== 'e'));

function readPart(part: string): [string, string] {
  const equals = part.indexOf('=');
  const [key, text] = equals < 0 ? [part, ''] : [part.slice(0, equals), part.slice(equals + 1)];
  return [key, decodeURIComponent(text)];
}

function placeOf(parts: ReadonlyMap<string, string>): Place {
  const first = FIRST_STATE.place;
  return {
    sheet: oneOf(SHEETS, parts.get('page')) ?? first.sheet,
    scenario: parts.get('s') ?? (parts.get('y') ? UNNAMED : first.scenario),
    packed: parts.get('y') ?? first.packed,
    title: parts.get('n') ?? first.title,
    cell: readCell(parts.get('c')),
    seq: wholeNumber(parts.get('e')) ?? first.seq,
    view: oneOf(VIEWS, parts.get('view')) ?? first.view,
    tab: oneOf(TABS, parts.get('tab')) ?? first.tab,
    table: oneOf(TABLE_NAMES, parts.get('t')) ?? first.table,
    pin: wholeNumber(parts.get('sel')),
    branch: parts.get('b') ?? MAIN,
    part: wholeNumber(parts.get('lesson')) ?? first.part,
    compared: readCompared(parts),
    digest: parts.get('d') ?? first.digest,
  };
}

/** A text without a name of its own. */
const UNNAMED = 'scenario';

/** Characters that would end a part, or that some programs change on the way, are escaped. */
const encoded = (text: string): string =>
  encodeURIComponent(text).replaceAll('%2F', '/').replaceAll('%3A', ':').replaceAll('%2C', ',');

/** The shortest link to a place: parts as at the start are left out. */
export function writeHash(place: Place): string {
  const first = FIRST_STATE.place;
  const parts: [string, string][] = [];
  const add = (key: string, text: string | number, left: boolean): void => {
    if (!left) parts.push([key, String(text)]);
  };
  const cell = cellText(place.cell);
  const { compared } = place;
  const inLesson = place.part > 0;
  add('page', place.sheet, place.sheet === first.sheet);
  add('s', place.scenario, place.scenario === '');
  add('y', place.packed, place.packed === '');
  // A part of a lesson says itself which run is shown, and where it stands.
  add('lesson', place.part, !inLesson);
  add('c', cell, inLesson || cell === '');
  add('b', place.branch, inLesson || place.branch === MAIN);
  if (compared && !inLesson) {
    add('cmp', comparedText(compared), false);
    add('row', compared.row ?? '', compared.row === null);
    add('like', compared.like, compared.like === FIRST_LIKENESS);
  }
  add('e', place.seq, inLesson || place.seq === first.seq);
  add('sel', place.pin ?? '', inLesson || place.pin === null);
  add('view', place.view, place.view === first.view);
  add('tab', place.tab, inLesson || place.tab === first.tab);
  add('t', place.table, inLesson || place.tab !== 'tables' || place.table === first.table);
  add('n', place.title, place.title === '');
  add('d', place.digest, inLesson || place.digest === '');
  if (parts.length === 0) return '';
  return `#${[VERSION, ...parts.map(([key, value]) => `${key}=${encoded(value)}`)].join(';')}`;
}
