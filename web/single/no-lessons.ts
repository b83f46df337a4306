/** A page in one file shows one run: lessons are in the other one. */
export const loadLessons = (): Promise<never> =>
  Promise.reject(new Error('there are no lessons in this page'));
