import { describe, expect, it } from 'vitest';
import { editorSchema } from '../../src/scenario/editor-schema.ts';
import { jsonSchema } from '../../src/scenario/json-schema.ts';
import { scenarioSchema } from '../../src/scenario/schema.ts';
import { ASSERTION_NAMES, assertionSchema } from '../../src/scenario/schema-expect.ts';
import { alternatives, type SchemaNode, schemasAt } from '../../src/scenario/schema-paths.ts';
import { stepSchema, VERB_NAMES } from '../../src/scenario/schema-steps.ts';

const isNode = (value: unknown): value is SchemaNode => typeof value === 'object' && value !== null;

/** Every map of properties in a schema, with the path that leads there. */
function propertiesIn(value: unknown, path = ''): [string, SchemaNode][] {
  if (!isNode(value)) return [];
  const own = Object.entries(value.properties ?? {}).map(([key, node]): [string, SchemaNode] => [
    `${path}.${key}`,
    node,
  ]);
  const inside = Object.entries(value).flatMap(([key, part]) =>
    propertiesIn(part, `${path}/${key}`),
  );
  return [...own, ...inside];
}

describe('the schema', () => {
  it('describes every key', () => {
    const properties = propertiesIn(jsonSchema());
    expect(properties.length).toBeGreaterThan(150);
    const bare = properties.filter(([, node]) => !node.description && !node.$ref);
    expect(bare.map(([path]) => path)).toEqual([]);
  });

  it('knows every verb and every assertion by name', () => {
    const modifiers = ['at', 'after', 'label', 'by', 'expect'];
    expect([...VERB_NAMES, ...modifiers].sort()).toEqual(Object.keys(stepSchema.shape).sort());
    expect([...ASSERTION_NAMES].sort()).toEqual(Object.keys(assertionSchema.shape).sort());
  });

  it('can be walked to any depth of a script', () => {
    const inner = ['steps', 0, 'race', 'a', 2, 'choose', 'b', 1, 'allocate'];
    expect(schemasAt(inner).map(({ type }) => type)).toEqual(['string', 'object']);
    expect(alternatives({ $ref: '#/definitions/step' })).toHaveLength(1);
  });
});

describe('the schema for editors', () => {
  it.each(['draft-7', 'draft-2020-12'] as const)('%s: names its dialect', target => {
    expect(editorSchema(target)).toMatchObject({
      $schema: expect.stringContaining(target === 'draft-7' ? 'draft-07' : '2020-12'),
      title: 'irqscope scenario',
      type: 'object',
      required: ['irqscope'],
      additionalProperties: false,
      patternProperties: { '^x-': {} },
    });
  });

  it('has the same sections as the schema', () => {
    const { properties } = editorSchema('draft-7') as SchemaNode;
    expect(Object.keys(properties ?? {})).toEqual(Object.keys(scenarioSchema.shape));
  });

  it('lets a value be taken from an axis wherever it is checked', () => {
    const texts = JSON.stringify(editorSchema('draft-7'));
    const checked = [...texts.matchAll(/"enum":/g)].length;
    const open = [...texts.matchAll(/\^\\\\\$\[A-Za-z\]/g)].length;
    expect(open).toBeGreaterThan(checked);
  });
});
