import type { Role } from '../report/picture.ts';
import type { Spot } from '../report/spots.ts';

/** Something that can be chosen. */
export interface Choice {
  /** What an answer says. */
  readonly key: string;
  readonly text: string;
  /** The part of the picture it is, where it is one. */
  readonly spot?: Spot;
}

/** Bits that can be chosen together: one field of a message or a table entry. */
export interface BitChoice {
  readonly key: string;
  /** Which bits, as people write them: `address 19:12`. */
  readonly text: string;
  /** Bits of the whole, from the lowest. */
  readonly bits: readonly number[];
}

/** A place whose role is asked for. */
export interface RolePlace extends Choice {
  readonly kind: 'layer' | 'device';
}

/** A question as it is shown: nothing in it tells the answer. */
export type Question =
  | { readonly kind: 'choose' | 'component'; readonly choices: readonly Choice[] }
  | {
      readonly kind: 'field';
      readonly words: readonly number[];
      readonly subject: 'message' | 'entry' | 'descriptor' | 'pin';
      readonly choices: readonly BitChoice[];
    }
  | { readonly kind: 'fill'; readonly as: 'hex' | 'number' }
  | {
      readonly kind: 'roles';
      readonly places: readonly RolePlace[];
      readonly choices: readonly RoleChoice[];
    }
  | { readonly kind: 'order'; readonly choices: readonly Choice[] }
  | {
      readonly kind: 'verdict';
      readonly choices: readonly string[];
      readonly reasons: readonly Choice[];
    }
  | {
      readonly kind: 'repair';
      /** What the learner begins with, as it stands in the file. */
      readonly text: string;
      readonly hint: string;
    };

/** What a layer or a device may do. */
export interface RoleChoice {
  readonly key: string;
  readonly roles: readonly Role[];
}

/**
 * An answer: the key that was chosen; for roles the key of each place; for an order all keys in it;
 * for a verdict the verdict and the reason; for a number or a repair the text.
 */
export type Given = readonly string[];

/** What the run says the answer is. */
export interface Answer {
  /** Every answer that is right; the first is shown. Empty where the run has none. */
  readonly right: readonly Given[];
  /** The record that shows it; -1 where no single one does. */
  readonly seq: number;
}
