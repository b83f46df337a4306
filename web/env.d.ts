/// <reference types="vite/client" />

declare module 'virtual:scenario-list' {
  import type { ListedScenario } from './build/scenario-list.ts';
  export const SCENARIOS: readonly ListedScenario[];
}
