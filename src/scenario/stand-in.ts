import type { Position } from './problem.ts';
import { alternatives, isFixed, type SchemaNode } from './schema-paths.ts';
import type { Entry, SourceNode } from './source-tree.ts';

/** Which stand-ins are used: a complaint that only one of them brings is the stand-in’s own. */
export type Stand = 'first' | 'last';

/** Texts for the patterns of the schema, tried in this order; none names anything that exists. */
const TEXTS = ['unwritten', 'unwritten.0', '1ns', '00:00.0', '0'];
const NUMBER_MAX = 0xffff;

/** A value that was not written: its place has no length, so nobody is blamed for it. */
export const madeUp = (at: Position, value: unknown): SourceNode => ({
  kind: 'scalar',
  at: nowhere(at),
  plain: null,
  value:
    typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
      ? value
      : null,
});

const nowhere = (at: Position): Position => ({ ...at, length: 0 });

/** Something one of the schemas of a place accepts. */
export function standIn(schemas: readonly SchemaNode[], at: Position, stand: Stand): SourceNode {
  const schema = stand === 'first' ? schemas[0] : schemas[schemas.length - 1];
  if (!schema) return madeUp(at, null);
  if (schema.const !== undefined) return madeUp(at, schema.const);
  if (schema.enum) return madeUp(at, schema.enum[stand === 'first' ? 0 : schema.enum.length - 1]);
  const inside = (part: SchemaNode): SourceNode => standIn(alternatives(part), at, stand);
  switch (schema.type) {
    case 'integer':
    case 'number': {
      const least = schema.minimum ?? 0;
      const most = Math.max(least, Math.min(schema.maximum ?? NUMBER_MAX, NUMBER_MAX));
      return madeUp(at, stand === 'first' ? least : most);
    }
    case 'boolean':
      return madeUp(at, stand === 'last');
    case 'string': {
      const pattern = new RegExp(schema.pattern ?? '');
      return madeUp(at, TEXTS.find(text => pattern.test(text)) ?? TEXTS[0]);
    }
    case 'array':
      return { kind: 'list', at: nowhere(at), items: partsOf(schema).map(inside) };
    case 'object':
      return { kind: 'map', at: nowhere(at), entries: new Map(entriesOf(schema, at, inside)) };
    default:
      return madeUp(at, null);
  }
}

function partsOf({ items, minItems = 0 }: SchemaNode): readonly SchemaNode[] {
  if (isFixed(items)) return items;
  return Array.from({ length: minItems }, () => items ?? {});
}

/** What a map has to have; a map of names gets one that nobody uses. */
function entriesOf(
  schema: SchemaNode,
  at: Position,
  inside: (part: SchemaNode) => SourceNode,
): [string, Entry][] {
  const { properties = {}, required = [], additionalProperties } = schema;
  const needed = required.map((key): [string, Entry] => [
    key,
    { keyAt: nowhere(at), node: inside(properties[key] ?? {}) },
  ]);
  if (typeof additionalProperties !== 'object') return needed;
  return [...needed, [TEXTS[0], { keyAt: nowhere(at), node: inside(additionalProperties) }]];
}
