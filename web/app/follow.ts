import type { State } from './state.ts';

/** Lists follow the current record as far as they can without moving the page. */
export function createFollower(root: HTMLElement): (state: State) => void {
  let shown = '';
  return ({ place, load }) => {
    for (const current of root.querySelectorAll<HTMLElement>('.steps .current, .records .current'))
      intoView(current, current.closest<HTMLElement>('.script, .transcript'));
    const moment = `${load.kind} ${place.scenario} ${place.branch} ${place.seq} ${place.view}`;
    if (moment === shown) return;
    shown = moment;
    followPicture(root);
  };
}

function intoView(current: HTMLElement, box: HTMLElement | null): void {
  if (!box) return;
  const top = current.getBoundingClientRect().top - box.getBoundingClientRect().top;
  if (top < 0 || top + current.offsetHeight > box.clientHeight)
    box.scrollTop += top - box.clientHeight / 3;
}

/** A picture taller than its room is moved so that what the current record is about can be seen. */
function followPicture(root: HTMLElement): void {
  const room = root.querySelector<HTMLElement>('.middle');
  const active = [...root.querySelectorAll<SVGGElement>('#stage .active')];
  if (!room || active.length === 0 || room.scrollHeight <= room.clientHeight) return;
  const caption = root.querySelector<HTMLElement>('.caption')?.offsetHeight ?? 0;
  const boxes = active.map(part => part.getBoundingClientRect());
  const { top } = room.getBoundingClientRect();
  const first = Math.min(...boxes.map(box => box.top)) - top - caption;
  const last = Math.max(...boxes.map(box => box.bottom)) - top;
  const space = room.clientHeight;
  if (first < 0) room.scrollTop += first - MARGIN;
  else if (last > space) room.scrollTop += Math.min(first, last - space + MARGIN);
}

/** Room left around what is moved into view, in pixels. */
const MARGIN = 60;
