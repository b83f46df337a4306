import type { Store } from './store.ts';

/** Height of the folded list of signs under the picture, in pixels. */
const SIGNS = 48;

/** Tells the store of the room for the picture, and whether movement is wanted. */
export function watchSurroundings(root: HTMLElement, store: Store): void {
  const motion = matchMedia('(prefers-reduced-motion: reduce)');
  const setMotion = (): void =>
    store.change(draft => {
      draft.still = motion.matches;
    });
  motion.addEventListener('change', setMotion);
  setMotion();
  const measure = (): void => {
    const middle = root.querySelector<HTMLElement>('.middle');
    const width = Math.floor(middle?.clientWidth ?? root.clientWidth);
    const caption = root.querySelector<HTMLElement>('.caption');
    const fixed = middle !== null && getComputedStyle(middle).overflowY === 'auto';
    const height = fixed ? middle.clientHeight - (caption?.offsetHeight ?? 0) - SIGNS : 0;
    if (width > 0)
      store.change(draft => {
        draft.width = width;
        draft.height = Math.max(0, height);
      });
  };
  new ResizeObserver(measure).observe(root);
  store.listen(({ load, editor }, before) => {
    if (load.kind !== before.load.kind || editor !== before.editor) queueMicrotask(measure);
  });
}
