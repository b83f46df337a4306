import { readFileSync } from 'node:fs';
import type { Plugin } from 'vite';
import { jsonSchema } from '../../src/scenario/json-schema.ts';

const SCHEMA = /\/src\/scenario\/json-schema\.ts$/;
const DRAWING_UP = /\/zod\/v4\/core\/(json-schema-processors|to-json-schema)\.js$/;
const EXPORTED = /^export (?:const|function) (\w+)/gm;

/** What a mistake is explained by; descriptions are for editors, which get the whole file. */
const withoutDescriptions = (_key: string, value: unknown): unknown => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const { description, ...rest } = value as Record<string, unknown>;
  return typeof description === 'string' ? rest : value;
};

/**
 * Puts the finished JSON Schema into the page instead of what draws it up: that is a good part of
 * the validator, which every schema refers to.
 */
export const readySchema = (): Plugin => ({
  name: 'ready-schema',
  load(id) {
    if (SCHEMA.test(id)) {
      const text = JSON.stringify(jsonSchema(), withoutDescriptions);
      return `export const jsonSchema = () => (${text});`;
    }
    if (!DRAWING_UP.test(id)) return null;
    const names = [...readFileSync(id, 'utf8').matchAll(EXPORTED)].map(([, name]) => name);
    return names.map(name => `export const ${name} = () => undefined;`).join('\n');
  },
});
