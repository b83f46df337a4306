/** Loads the matrices. */
export const loadMatrix = (): Promise<typeof import('./sheet.ts')> => import('./sheet.ts');
