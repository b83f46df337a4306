import type { Goal } from './goal.ts';
import { P1 } from './p1-kernel.ts';
import { P3 } from './p3-limit.ts';
import { P4 } from './p4-pending.ts';

/** Every goal of speed, in the order they are measured. */
export const GOALS: readonly Goal[] = [P1, P3, P4];
