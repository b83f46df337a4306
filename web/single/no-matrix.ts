/** A page in one file shows one run: matrices are in the other one. */
export const loadMatrix = (): Promise<never> =>
  Promise.reject(new Error('there is no matrix in this page'));
