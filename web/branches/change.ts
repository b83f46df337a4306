import type { Flip } from '../../src/index.ts';
import type { Change } from '../worker/protocol.ts';

/** The script as written. */
export const MAIN = 'main';

/** Joins the items of a list; links take it as it is. */
const AND = '~';

/** Name of a branch in links: `off:` and the checks that are off, `flip:` and record.bit. */
export function branchId({ off, flips }: Change): string {
  const bits = flips.map(({ seq, bit }) => `${seq}.${bit}`);
  const parts = [
    ...(off.length > 0 ? [`off:${off.join(AND)}`] : []),
    ...(bits.length > 0 ? [`flip:${bits.join(AND)}`] : []),
  ];
  return parts.join(',') || MAIN;
}

/** What a branch has changed, by its name; what is not understood is left aside. */
export function changeOf(id: string): Change {
  const lists = new Map(
    id.split(',').map((part): [string, string[]] => {
      const [kind, list = ''] = part.split(':');
      return [kind, list.split(AND).filter(Boolean)];
    }),
  );
  return { off: lists.get('off') ?? [], flips: (lists.get('flip') ?? []).flatMap(flipOf) };
}

function flipOf(text: string): Flip[] {
  const match = /^(\d{1,7})\.(\d{1,3})$/.exec(text);
  return match ? [{ seq: Number(match[1]), bit: Number(match[2]) }] : [];
}

/** What is found out by turning a bit over is kept under this name. */
export const flipKey = ({ seq, bit }: Flip): string => `flip:${seq}.${bit}`;

/** A change, and one more check that is off. */
export const withOff = ({ off, flips }: Change, rule: string): Change => ({
  off: [...new Set([...off, rule])],
  flips,
});

/** A change, and one more bit turned over. */
export const withFlip = ({ off, flips }: Change, flip: Flip): Change => ({
  off,
  flips: [...flips, flip],
});
