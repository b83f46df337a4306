/** The part of a JSON Schema that completion walks through. */
export interface SchemaNode {
  readonly $ref?: string;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly additionalProperties?: SchemaNode | boolean;
  readonly items?: SchemaNode | readonly SchemaNode[];
  readonly anyOf?: readonly SchemaNode[];
  readonly oneOf?: readonly SchemaNode[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly type?: string;
  readonly pattern?: string;
  readonly description?: string;
  readonly definitions?: Readonly<Record<string, SchemaNode>>;
}

/** A schema that can apply, and what is said of the value it is for. */
export interface Candidate {
  readonly node: SchemaNode;
  readonly description: string;
}

const isList = (items: SchemaNode['items']): items is readonly SchemaNode[] => Array.isArray(items);

/** The schemas a schema stands for: references followed, unions spread out. */
function spread(root: SchemaNode, node: SchemaNode, description: string): Candidate[] {
  // What is said of a key says more than what is said of one form its value may have.
  const said = description || (node.description ?? '');
  if (node.$ref) {
    const key = node.$ref.replace('#/definitions/', '');
    const target = node.$ref === '#' ? root : (root.definitions?.[key] ?? {});
    return spread(root, target, said);
  }
  const parts = [...(node.anyOf ?? []), ...(node.oneOf ?? [])].filter(
    part => !('required' in part && !('type' in part)),
  );
  return parts.length > 0 && !node.properties
    ? parts.flatMap(part => spread(root, part, said))
    : [{ node, description: said }];
}

function under({ node }: Candidate, part: string | number): SchemaNode | undefined {
  if (typeof part === 'number') return isList(node.items) ? node.items[part] : node.items;
  const { properties, additionalProperties } = node;
  if (properties && Object.hasOwn(properties, part)) return properties[part];
  return typeof additionalProperties === 'object' ? additionalProperties : undefined;
}

/** Every schema that can apply at a path of keys and indices. */
export function candidatesAt(root: SchemaNode, path: readonly (string | number)[]): Candidate[] {
  let level = spread(root, root, '');
  for (const part of path)
    level = level.flatMap(candidate => {
      const next = under(candidate, part);
      return next ? spread(root, next, '') : [];
    });
  return level;
}

/** What the schema says of the value at a path; empty where it says nothing. */
export const descriptionAt = (root: SchemaNode, path: readonly (string | number)[]): string =>
  candidatesAt(root, path).find(({ description }) => description !== '')?.description ?? '';

/** Whether a map that has these values can be of this schema: the words that choose it fit. */
export const fits = (node: SchemaNode, siblings: ReadonlyMap<string, string>): boolean =>
  Object.entries(node.properties ?? {}).every(([key, property]) => {
    const given = siblings.get(key);
    const word = wordOf(property);
    return !given || word === undefined || given === word;
  }) && [...siblings.keys()].every(key => isKnown(node, key));

const isKnown = ({ properties, additionalProperties }: SchemaNode, key: string): boolean =>
  Object.hasOwn(properties ?? {}, key) || typeof additionalProperties === 'object';

/** The one word a value must be; undefined where it may be several. */
function wordOf(node: SchemaNode): string | undefined {
  if (node.const !== undefined) return String(node.const);
  const words = (node.anyOf ?? []).flatMap(({ const: word }) => (word === undefined ? [] : [word]));
  return words.length === 1 ? String(words[0]) : undefined;
}
