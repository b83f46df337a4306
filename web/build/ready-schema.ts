import type { Plugin } from 'vite';
import { jsonSchema } from '../../src/scenario/json-schema.ts';

const SCHEMA = /\/src\/scenario\/json-schema\.ts$/;

/** What a mistake is explained by; descriptions are for editors, which get the whole file. */
const withoutDescriptions = (_key: string, value: unknown): unknown => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const { description, ...rest } = value as Record<string, unknown>;
  return typeof description === 'string' ? rest : value;
};

/** Parts shorter than this are no longer than a name and its declaration. */
const SHARED_MIN = 60;

/** A module with the schema, in which parts that are the same are written once. */
function sharedModule(schema: unknown): string {
  const names = new Map<string, string>();
  const parts: string[] = [];
  const counts = new Map<string, number>();
  JSON.parse(JSON.stringify(schema), (_key, value: unknown) => {
    if (typeof value === 'object' && value !== null) {
      const text = JSON.stringify(value);
      counts.set(text, (counts.get(text) ?? 0) + 1);
    }
    return value;
  });
  const write = (value: unknown): string => {
    if (typeof value !== 'object' || value === null) return JSON.stringify(value);
    const whole = JSON.stringify(value);
    const known = names.get(whole);
    if (known) return known;
    const text = Array.isArray(value)
      ? `[${value.map(write).join()}]`
      : `{${Object.entries(value).map(([key, one]) => `${JSON.stringify(key)}:${write(one)}`)}}`;
    if (whole.length < SHARED_MIN || counts.get(whole) === 1) return text;
    const name = `part${names.size}`;
    names.set(whole, name);
    parts.push(`const ${name} = ${text};`);
    return name;
  };
  const text = write(schema);
  return `${parts.join('\n')}\nexport const jsonSchema = () => (${text});`;
}

/**
 * Puts the finished JSON Schema into the page instead of what draws it up: that is a good part of
 * the validator, which is left out with it (`hollow.ts`).
 */
export const readySchema = (): Plugin => ({
  name: 'ready-schema',
  load: id =>
    SCHEMA.test(id)
      ? sharedModule(JSON.parse(JSON.stringify(jsonSchema(), withoutDescriptions)))
      : null,
});
