/** A page in one file stays small: its editor is a plain text field. */
export const loadCode = (): Promise<never> =>
  Promise.reject(new Error('there is no editor in this page'));
