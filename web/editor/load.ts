/** Loads the editor. */
export const loadCode = (): Promise<typeof import('./code.ts')> => import('./code.ts');
