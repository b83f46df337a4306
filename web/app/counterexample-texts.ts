/** Texts of the counterexamples of all matrices, by path. */
export const TEXTS = import.meta.glob<string>('../../scenarios/matrix/*/*.yaml', {
  query: '?raw',
  import: 'default',
  eager: true,
});
