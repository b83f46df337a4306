/** Loads what is needed to look at two runs side by side. */
export const loadCompare = (): Promise<typeof import('./pair.ts')> => import('./pair.ts');
