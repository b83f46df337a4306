import type { Context } from '../app/context.ts';
import { writeHash } from '../app/route.ts';
import { SCENARIOS } from '../app/scenarios.ts';
import { pack } from './pack.ts';

/** Longer links are cut off by some programs. */
export const LINK_MAX = 8000;

/** The link to what is seen; a text that is not shipped is in it. */
export async function linkTo({ state, text }: Pick<Context, 'state' | 'text'>): Promise<string> {
  const { place } = state;
  const shipped = SCENARIOS.some(({ id }) => id === place.scenario);
  const source = text.source();
  const packed = place.packed || (shipped || !source ? '' : await pack(source.text));
  const { origin, pathname, protocol } = location;
  const page = protocol === 'file:' ? `file://${pathname}` : `${origin}${pathname}`;
  return `${page}${writeHash({ ...place, packed })}`;
}
