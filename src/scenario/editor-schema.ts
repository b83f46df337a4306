import { z } from 'zod';
import type { SchemaDraft } from './json-schema.ts';
import { scenarioSchema } from './schema.ts';

type Node = z.core.JSONSchema.BaseSchema;

/** A value may be taken from an axis. */
const AXIS_VALUE: Node = { type: 'string', pattern: '^\\$[A-Za-z][A-Za-z0-9_-]*$' };

const SCALARS = new Set(['integer', 'number', 'boolean']);

const isChecked = ({ type, pattern, enum: words, const: word }: Node): boolean =>
  SCALARS.has(String(type)) || pattern !== undefined || words !== undefined || word !== undefined;

/** What a value must be, or the name of an axis that has it; the description stays outside. */
function orAxis(node: Node): void {
  const { description, ...own } = node;
  for (const key of Object.keys(own)) delete node[key];
  Object.assign(node, { anyOf: [own, AXIS_VALUE] });
}

/**
 * The schema as JSON Schema for editors. They see a file before `extends` is carried out and axes
 * are filled in, and with the keys that begin with `x-`: those are the writer's own in every map.
 */
export function editorSchema(target: SchemaDraft): unknown {
  const { required = [], ...schema } = z.toJSONSchema(scenarioSchema, {
    target,
    io: 'input',
    override: ({ jsonSchema: node }) => {
      if (node.type === 'object') node.patternProperties = { '^x-': {} };
      if (isChecked(node)) orAxis(node);
    },
  });
  const whole = required.filter(key => key !== 'irqscope');
  return {
    ...schema,
    required: ['irqscope'],
    anyOf: [{ required: whole }, { required: ['extends'] }],
  };
}
