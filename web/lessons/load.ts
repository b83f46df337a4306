/** Loads what lessons need. */
export const loadLessons = (): Promise<typeof import('./desk.ts')> => import('./desk.ts');
