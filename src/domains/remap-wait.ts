import type { Machine } from '../model/machine.ts';
import type { Op } from '../model/op.ts';

/** Software waits until its invalidations are done; leaving that out is a known mistake. */
export const waitFor = (machine: Machine, by: number): Op[] =>
  machine.off.includes('remap/wait-for-invalidation') ? [] : [{ op: 'wait', by }];
