import type { LoadedRun } from '../app/loaded-run.ts';
import type { Room } from '../stage/layout.ts';
import { createStage } from '../stage/stage.ts';
import { restAt, seqAt } from '../time/clock.ts';

/** A picture as text that needs nothing else: every style is in it. */
export interface Snapshot {
  readonly svg: string;
  readonly width: number;
  readonly height: number;
}

/** A second picture of a run, out of sight, to take snapshots of. */
export interface Studio {
  /** A record at rest; -1 is the beginning. */
  at(seq: number): Snapshot;
  /** A moment of presentation time, in milliseconds. */
  atTime(timeMs: number): Snapshot;
  close(): void;
}

/** Opens a studio for pictures of a size. It has the colours the page has now. */
export function openStudio(run: LoadedRun, room: Room): Studio {
  const place = document.createElement('div');
  place.className = 'picture studio';
  place.inert = true;
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  place.append(svg);
  document.body.append(place);
  const stage = createStage(svg, { chooseSpot: () => {}, chooseMover: () => {} });
  const take = (seq: number, timeMs: number): Snapshot => {
    stage.show(run, { seq, timeMs, room, still: false });
    return snapshotOf(svg, run.data.title);
  };
  return {
    at: seq => take(seq, restAt(run.clock, seq)),
    atTime: timeMs => take(seqAt(run.clock, timeMs), timeMs),
    close: () => place.remove(),
  };
}

/** Styles a picture may have, each with the value that goes without saying. */
const STYLES = {
  fill: 'rgb(0, 0, 0)',
  stroke: 'none',
  'stroke-width': '1px',
  'stroke-dasharray': 'none',
  'stroke-linecap': 'butt',
  'font-family': '',
  'font-size': '',
  'font-weight': '400',
  'text-anchor': 'start',
  'text-decoration-line': 'none',
  opacity: '1',
} as const;

/** Attributes that mean something on a page only. */
const PAGE_ONLY = ['class', 'role', 'tabindex', 'style'];

function snapshotOf(svg: SVGSVGElement, title: string): Snapshot {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  const [from, to] = [svg, copy].map(root => [...root.querySelectorAll('*')]);
  for (const [i, element] of from.entries()) dress(element, to[i]);
  const { width, height } = svg.viewBox.baseVal;
  const paper = getComputedStyle(document.body).backgroundColor;
  const back = document.createElementNS(svg.namespaceURI, 'rect');
  for (const [key, value] of Object.entries({ width, height, fill: paper }))
    back.setAttribute(key, String(value));
  const name = document.createElementNS(svg.namespaceURI, 'title');
  name.textContent = title;
  copy.prepend(name, back);
  for (const key of [...copy.getAttributeNames()]) if (key !== 'viewBox') copy.removeAttribute(key);
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  copy.setAttribute('width', String(width));
  copy.setAttribute('height', String(height));
  return { svg: new XMLSerializer().serializeToString(copy), width, height };
}

/** Writes down how an element looks, in place of what the page’s sheets say of it. */
function dress(element: Element, copy: Element): void {
  const style = getComputedStyle(element);
  for (const name of copy.getAttributeNames())
    if (PAGE_ONLY.includes(name) || /^(data|aria)-/.test(name)) copy.removeAttribute(name);
  if (element.tagName === 'g') return;
  for (const [name, usual] of Object.entries(STYLES)) {
    const value = style.getPropertyValue(name);
    const isText = element.tagName === 'text';
    if (!isText && /^(font|text)-/.test(name)) continue;
    if (value === usual) continue;
    copy.setAttribute(name === 'text-decoration-line' ? 'text-decoration' : name, value);
  }
}
