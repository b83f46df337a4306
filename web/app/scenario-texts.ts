/** Texts of all shipped scenarios, by path; they are loaded together when one is wanted. */
export const TEXTS = import.meta.glob<string>(
  ['../../scenarios/**/*.yaml', '../../scenarios/**/*.yml'],
  { query: '?raw', import: 'default', eager: true },
);
