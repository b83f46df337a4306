import type { Goal } from './goal.ts';
import { P1 } from './p1-kernel.ts';
import { P2 } from './p2-machine.ts';
import { P3 } from './p3-limit.ts';
import { P4 } from './p4-pending.ts';
import { P5 } from './p5-history.ts';
import { P6 } from './p6-spin.ts';
import { P7 } from './p7-reductions.ts';
import { P8 } from './p8-runner.ts';
import { P9 } from './p9-workers.ts';

/**
 * Every goal of speed, in the order they are measured. A new one is a file, and a line here; its
 * suite is how it is asked for together with others.
 */
export const GOALS: readonly Goal[] = [P1, P2, P3, P4, P5, P6, P7, P8, P9];
