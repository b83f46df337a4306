/** A part of the page that is loaded when it is first wanted. */
export interface Late<T> {
  /** The part; null while it is not there. The first call sends for it. */
  get(): T | null;
  /** It could not be loaded. */
  failed(): boolean;
}

/** `arrived` is called once it is there, or can’t be had. */
export function createLate<T>(load: () => Promise<T>, arrived: () => void): Late<T> {
  let part: T | null = null;
  let state: 'waiting' | 'asked' | 'failed' = 'waiting';
  return {
    get() {
      if (state === 'waiting') {
        state = 'asked';
        load()
          .then(
            found => {
              part = found;
            },
            () => {
              state = 'failed';
            },
          )
          .then(arrived);
      }
      return part;
    },
    failed: () => state === 'failed',
  };
}
