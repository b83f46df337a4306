import { TABLE_NAMES } from '../../src/index.ts';
import { FIRST_STATE, MAIN, type Place, TABS, VIEWS } from './state.ts';

/** Version of the link format, first in every link. */
const VERSION = '1';

/** The known word a text is; the first of them otherwise. */
function oneOf<T extends string>(known: readonly T[], text: string | undefined): T | undefined {
  return known.find(word => word === text);
}

function wholeNumber(text: string | undefined): number | null {
  return text !== undefined && /^-?\d{1,7}$/.test(text) ? Number(text) : null;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** What a link says; what it does not say is as at the start. Unknown parts are left aside. */
export function readHash(hash: string): Place {
  const parts = new Map(
    hash
      .replace(/^#/, '')
      .split(';')
      .map((part): [string, string] => {
        const at = part.indexOf('=');
        return at < 0 ? [part, ''] : [part.slice(0, at), decoded(part.slice(at + 1))];
      }),
  );
  const first = FIRST_STATE.place;
  return {
    scenario: parts.get('s') ?? first.scenario,
    cell: readCell(parts.get('c')),
    seq: wholeNumber(parts.get('e')) ?? first.seq,
    view: oneOf(VIEWS, parts.get('view')) ?? first.view,
    tab: oneOf(TABS, parts.get('tab')) ?? first.tab,
    table: oneOf(TABLE_NAMES, parts.get('t')) ?? first.table,
    pin: wholeNumber(parts.get('sel')),
    branch: parts.get('b') ?? MAIN,
  };
}

function readCell(text: string | undefined): Place['cell'] {
  if (!text) return null;
  return Object.fromEntries(
    text.split(',').map((pair): [string, string] => {
      const [axis, value = ''] = pair.split(':');
      return [axis, value];
    }),
  );
}

/** Characters that would end a part, or that some programs change on the way, are escaped. */
const encoded = (text: string): string =>
  encodeURIComponent(text).replaceAll('%2F', '/').replaceAll('%3A', ':').replaceAll('%2C', ',');

/** The shortest link to a place: parts as at the start are left out. */
export function writeHash(place: Place): string {
  const first = FIRST_STATE.place;
  const parts: [string, string][] = [];
  if (place.scenario) parts.push(['s', place.scenario]);
  if (place.cell && Object.keys(place.cell).length > 0)
    parts.push([
      'c',
      Object.entries(place.cell)
        .map(([axis, value]) => `${axis}:${value}`)
        .join(','),
    ]);
  if (place.branch !== MAIN) parts.push(['b', place.branch]);
  if (place.seq !== first.seq) parts.push(['e', String(place.seq)]);
  if (place.pin !== null) parts.push(['sel', String(place.pin)]);
  if (place.view !== first.view) parts.push(['view', place.view]);
  if (place.tab !== first.tab) parts.push(['tab', place.tab]);
  if (place.tab === 'tables' && place.table !== first.table) parts.push(['t', place.table]);
  if (parts.length === 0) return '';
  return `#${[VERSION, ...parts.map(([key, value]) => `${key}=${encoded(value)}`)].join(';')}`;
}
