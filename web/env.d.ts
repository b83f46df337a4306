/// <reference types="vite/client" />

declare module 'virtual:scenario-list' {
  import type { ListedScenario } from './build/scenario-list.ts';
  export const SCENARIOS: readonly ListedScenario[];
}

declare module 'virtual:scenario-schema' {
  import type { SchemaNode } from './editor/schema-walk.ts';
  export const SCHEMA: SchemaNode;
}
