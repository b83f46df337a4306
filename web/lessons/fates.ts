import type { Fate } from '../../src/index.ts';

/** What can become of a message, in the order in which it is offered. */
export const FATES: readonly Fate[] = ['delivered', 'blocked', 'misdelivered', 'lost', 'held'];
