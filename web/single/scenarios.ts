import type { ListedLesson, ListedScenario } from '../build/scenario-list.ts';
import type { Source } from '../worker/protocol.ts';

/** A page in one file has the scenario it was made for, and no others. */
export const SCENARIOS: readonly ListedScenario[] = [];
export const LESSONS: readonly ListedLesson[] = [];

export const sourceOf = (id: string): Promise<Source> =>
  Promise.reject(new Error(`There is no scenario ${id} in this file.`));

/** Texts a scenario extends come with it. */
export const neighboursOf = (): Promise<Source['others']> => Promise.resolve({});
