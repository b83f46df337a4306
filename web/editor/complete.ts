import type { Machine } from '../../src/index.ts';
import { namesAt } from './names.ts';
import {
  type Candidate,
  candidatesAt,
  descriptionAt,
  fits,
  type SchemaNode,
} from './schema-walk.ts';
import { type Cursor, cursorAt } from './yaml-context.ts';

/** Something that could stand where the cursor is. */
export interface Offer {
  readonly label: string;
  readonly kind: 'key' | 'word' | 'name';
  /** What it means; empty where nothing is said of it. */
  readonly text: string;
}

/** What could stand at the cursor, and from where on it replaces what is typed. */
export interface Offers {
  readonly from: number;
  readonly offers: readonly Offer[];
}

/** What can be written at a position of a text, by the schema and the names known there. */
export function offersAt(
  schema: SchemaNode,
  text: string,
  at: { readonly position: number; readonly machine: Machine | null },
): Offers {
  const cursor = cursorAt(text, at.position);
  const candidates = candidatesAt(schema, cursor.path);
  const keys = cursor.kind === 'key' ? keysOf(schema, cursor, candidates) : [];
  // What stands alone in a list may be a value, or the first key of a map.
  const alone = cursor.kind === 'key' && cursor.siblings.size === 0;
  const words = cursor.kind === 'value' || alone ? wordsOf(candidates) : [];
  const nodes = candidates.map(({ node }) => node);
  const names =
    cursor.kind === 'value' || (alone && typeof cursor.path.at(-1) === 'number')
      ? namesAt(text, cursor.path, { nodes, machine: at.machine })
      : [];
  const offers = [
    ...keys,
    ...words,
    ...names.map((label): Offer => ({ label, kind: 'name', text: '' })),
  ];
  const typed = cursor.typed.toLowerCase();
  return {
    from: cursor.from,
    offers: unique(offers.filter(({ label }) => label.toLowerCase().includes(typed))),
  };
}

const unique = (offers: readonly Offer[]): Offer[] =>
  [...new Map([...offers].reverse().map(offer => [offer.label, offer])).values()].reverse();

/** Keys a map can have and does not have yet. */
function keysOf(schema: SchemaNode, cursor: Cursor, candidates: readonly Candidate[]): Offer[] {
  const maps = candidates.filter(({ node }) => node.properties);
  const fitting = maps.filter(({ node }) => fits(node, cursor.siblings));
  const used = fitting.length > 0 ? fitting : maps;
  const keys = new Set(used.flatMap(({ node }) => Object.keys(node.properties ?? {})));
  return [...keys]
    .filter(key => !cursor.siblings.has(key))
    .map(label => ({
      label,
      kind: 'key',
      text: descriptionAt(schema, [...cursor.path, label]),
    }));
}

/** Words a value can be. */
const wordsOf = (candidates: readonly Candidate[]): Offer[] =>
  candidates.flatMap(({ node }) => {
    const words = [
      ...(node.enum ?? []),
      ...(node.const === undefined ? [] : [node.const]),
      ...(node.type === 'boolean' ? [true, false] : []),
    ];
    return words.map((word): Offer => ({ label: String(word), kind: 'word', text: '' }));
  });

/** A word of a text and what the schema says of it. */
export interface Explained {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** What the schema says of the key, or of the value, at a position; null where it says nothing. */
export function explainedAt(schema: SchemaNode, text: string, position: number): Explained | null {
  const word = wordAround(text, position);
  if (!word) return null;
  const { path, kind } = cursorAt(text, word.to);
  const name = text.slice(word.from, word.to);
  const said = descriptionAt(schema, kind === 'key' ? [...path, name] : path);
  return said ? { ...word, text: said } : null;
}

function wordAround(text: string, position: number): { from: number; to: number } | null {
  const before = /[\w-]*$/.exec(text.slice(0, position))?.[0].length ?? 0;
  const after = /^[\w-]*/.exec(text.slice(position))?.[0].length ?? 0;
  return before + after === 0 ? null : { from: position - before, to: position + after };
}
