import { jsonSchema } from './json-schema.ts';
import { nodeAt, type Path, type SourceNode } from './source-tree.ts';

/** The part of a JSON Schema this program walks through. */
export interface SchemaNode {
  readonly $ref?: string;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly additionalProperties?: SchemaNode | boolean;
  readonly required?: readonly string[];
  /** One schema for all items, or one for each item of a list of fixed length. */
  readonly items?: SchemaNode | readonly SchemaNode[];
  readonly minItems?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly pattern?: string;
  readonly type?: string;
  readonly description?: string;
  readonly anyOf?: readonly SchemaNode[];
  readonly oneOf?: readonly SchemaNode[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly definitions?: Readonly<Record<string, SchemaNode>>;
}

let cached: SchemaNode | null = null;
const wholeSchema = (): SchemaNode => {
  cached ??= jsonSchema() as SchemaNode;
  return cached;
};

/** The schemas a schema stands for: references followed, unions spread out. */
export function alternatives(node: SchemaNode): SchemaNode[] {
  if (node.$ref) {
    const key = node.$ref.replace('#/definitions/', '');
    return node.$ref === '#'
      ? alternatives(wholeSchema())
      : alternatives(wholeSchema().definitions?.[key] ?? {});
  }
  const parts = [...(node.anyOf ?? []), ...(node.oneOf ?? [])];
  return parts.length > 0 ? parts.flatMap(alternatives) : [node];
}

/** Every schema that can apply at a path, unions spread out. */
export function schemasAt(path: Path): SchemaNode[] {
  let level = alternatives(wholeSchema());
  for (const part of path)
    level = level.flatMap(node => {
      const next = typeof part === 'number' ? atIndex(node, part) : underKey(node, part);
      return next ? alternatives(next) : [];
    });
  return level;
}

const atIndex = ({ items }: SchemaNode, index: number): SchemaNode | undefined =>
  isFixed(items) ? items[index] : items;

export const isFixed = (items: SchemaNode['items']): items is readonly SchemaNode[] =>
  Array.isArray(items);

function underKey({ properties, additionalProperties }: SchemaNode, key: string) {
  if (properties && Object.hasOwn(properties, key)) return properties[key];
  return typeof additionalProperties === 'object' ? additionalProperties : undefined;
}

/** Keys a map at a path may have, those of the variant the map has chosen where it is clear. */
export function keysAt(root: SourceNode, path: Path): string[] {
  const node = nodeAt(root, path);
  const options = schemasAt(path).filter(schema => schema.properties);
  const fitting = options.filter(schema => node?.kind !== 'map' || !contradicts(schema, node));
  const used = fitting.length > 0 ? fitting : options;
  return [...new Set(used.flatMap(schema => Object.keys(schema.properties ?? {})))];
}

function contradicts(schema: SchemaNode, node: Extract<SourceNode, { kind: 'map' }>): boolean {
  return Object.entries(schema.properties ?? {}).some(([key, value]) => {
    const given = node.entries.get(key)?.node;
    return value.const !== undefined && given?.kind === 'scalar' && given.value !== value.const;
  });
}

/** Words a scalar at a path may be. */
export function enumAt(path: Path): string[] {
  return [
    ...new Set(
      schemasAt(path).flatMap(schema => [
        ...(schema.enum ?? []).map(String),
        ...(schema.const === undefined ? [] : [String(schema.const)]),
      ]),
    ),
  ];
}
