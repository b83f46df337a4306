/// <reference types="vite/client" />

declare module 'virtual:scenario-list' {
  import type { ListedLesson, ListedScenario } from './build/scenario-list.ts';
  export const SCENARIOS: readonly ListedScenario[];
  export const LESSONS: readonly ListedLesson[];
}

declare module 'virtual:scenario-schema' {
  import type { SchemaNode } from './editor/schema-walk.ts';
  export const SCHEMA: SchemaNode;
}
