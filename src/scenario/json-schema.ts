import { z } from 'zod';
import { scenarioSchema } from './schema.ts';

/** Dialects of JSON Schema; editors' YAML servers read draft 7. */
export type SchemaDraft = 'draft-7' | 'draft-2020-12';

/** The schema of a scenario as JSON Schema. */
export const jsonSchema = (target: SchemaDraft = 'draft-7') =>
  z.toJSONSchema(scenarioSchema, { target, io: 'input' });
