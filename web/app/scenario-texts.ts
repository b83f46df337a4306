/** Texts of the shipped scenarios, by path; they are loaded together when one is wanted. */
export const TEXTS = import.meta.glob<string>(
  [
    '../../scenarios/**/*.yaml',
    '../../scenarios/**/*.yml',
    // Those a matrix leads to are many, and come by themselves.
    '!../../scenarios/matrix/*/*.yaml',
  ],
  { query: '?raw', import: 'default', eager: true },
);
