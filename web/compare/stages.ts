import type { State } from '../app/state.ts';
import { createStage, type Stage, type StageEvents } from '../stage/stage.ts';
import type { Laid } from './laid.ts';
import type { SideMoment } from './pair-clock.ts';
import type { Face } from './state.ts';

/** The pictures of both runs. */
export interface Stages {
  show(
    laid: Laid,
    at: Readonly<Record<Face, SideMoment>>,
    how: Pick<State, 'still' | 'width' | 'face'>,
  ): void;
  /** Moves the keyboard’s place in the picture that has the focus. */
  rove(step: number): void;
}

export const FACES: readonly Face[] = ['a', 'b'];

/** A picture where it is drawn, and how much room it had when somebody last looked. */
interface Canvas {
  readonly svg: SVGSVGElement;
  readonly stage: Stage;
  readonly look: string;
  readonly width: number;
}

/** A picture taller than its room is moved so that what the current record is about can be seen. */
function intoView(svg: SVGSVGElement): void {
  const room = svg.parentElement;
  const active = [...svg.querySelectorAll('.active')].map(part => part.getBoundingClientRect());
  if (!room || active.length === 0 || room.scrollHeight <= room.clientHeight) return;
  const { top, bottom } = room.getBoundingClientRect();
  const above = Math.min(...active.map(box => box.top)) - MARGIN - top;
  const below = Math.max(...active.map(box => box.bottom)) + MARGIN - bottom;
  if (above < 0) room.scrollTop += above;
  else if (below > 0) room.scrollTop += Math.min(above, below);
}

/** Room left around what is moved into view, in pixels. */
const MARGIN = 40;

/** The two pictures of a comparison, each in the room it has. */
export function createStages(events: (face: Face) => StageEvents): Stages {
  const canvases: Record<Face, Canvas | null> = { a: null, b: null };
  const shownAt: Record<Face, string> = { a: '', b: '' };

  const canvasOf = (face: Face, look: string): Canvas | null => {
    const svg = document.querySelector<SVGSVGElement>(`#stage-${face}`);
    if (!svg) return null;
    const known = canvases[face];
    if (known?.svg === svg && known.look === look) return known;
    const stage = known?.svg === svg ? known.stage : createStage(svg, events(face));
    const width = svg.parentElement?.clientWidth ?? 0;
    const canvas = { svg, stage, look, width };
    canvases[face] = canvas;
    return canvas;
  };

  return {
    show(laid, at, { still, width, face: shown }) {
      for (const face of FACES) {
        const canvas = canvasOf(face, `${width} ${shown}`);
        // A picture that is not shown has no width.
        if (!canvas || canvas.width === 0) continue;
        const room = { width: canvas.width, height: 0 };
        canvas.stage.show(laid[face], { ...at[face], room, still });
        const moment = `${canvas.look} ${at[face].seq}`;
        if (moment !== shownAt[face]) intoView(canvas.svg);
        shownAt[face] = moment;
      }
    },
    rove(step) {
      const inB = document.activeElement?.closest('#stage-b') != null;
      canvases[inB ? 'b' : 'a']?.stage.rove(step);
    },
  };
}
