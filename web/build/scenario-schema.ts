import type { Plugin } from 'vite';
import { editorSchema } from '../../src/scenario/editor-schema.ts';

const MODULE = 'virtual:scenario-schema';

/** The JSON Schema of scenario files, as every editor gets it. */
export const scenarioSchemaModule = (): Plugin => ({
  name: 'scenario-schema',
  resolveId: id => (id === MODULE ? `\0${MODULE}` : null),
  load: id =>
    id === `\0${MODULE}`
      ? `export const SCHEMA = ${JSON.stringify(editorSchema('draft-7'))};`
      : null,
});
