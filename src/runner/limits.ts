/** Most runs of one variant; beyond, exploring states is the better way. */
export const RUNS_MAX = 20_000;
