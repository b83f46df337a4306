import type { FillYaml } from '../scenario/schema-lesson.ts';
import type { Kind } from './kind.ts';
import { recordAt } from './select.ts';
import { type Library, numberOf, runIn } from './value.ts';

type Base = NonNullable<FillYaml['as']>;

const HEX = /^(?:0x)?([0-9a-f]{1,12})h?$/i;
const DECIMAL = /^\d{1,12}$/;

/** The number a learner wrote; null when it is none. Blanks and underscores only group digits. */
export function numberFrom(text: string, base: Base): number | null {
  const plain = text.replaceAll(/[\s_:]/g, '');
  if (base === 'number' && DECIMAL.test(plain)) return Number(plain);
  const digits = base === 'hex' || /^0x/i.test(plain) ? HEX.exec(plain)?.[1] : undefined;
  return digits === undefined ? null : Number.parseInt(digits, 16);
}

/** A number as a learner would write it. */
export const numberText = (value: number, base: Base): string =>
  base === 'hex' ? `0x${value.toString(16)}` : String(value);

/** The record a number is taken from; -1 where it is taken from none of this variant. */
function sourceOf(library: Library, { value }: FillYaml): number {
  if (typeof value === 'number' || value.cell || !('of' in value)) return -1;
  return recordAt(runIn(library), value.of)?.seq ?? -1;
}

/** Which number: in hexadecimal, or a count. */
export const fill: Kind<FillYaml> = {
  question: (_, { as = 'hex' }) => ({ kind: 'fill', as }),
  answer(library, ask) {
    const value = numberOf(library, ask.value);
    const right = value === null ? [] : [[numberText(value, ask.as ?? 'hex')]];
    return { right, seq: sourceOf(library, ask) };
  },
  misconception(library, ask, [text = '']) {
    const given = numberFrom(text, ask.as ?? 'hex');
    const known = ask.wrong?.find(({ value }) => numberOf(library, value) === given);
    return known?.misconception ?? ask.otherwise ?? '';
  },
};
