/** Whether two digests are of the same trace. */
export const sameDigest = (a: string, b: string): boolean => partsOf(a)[0] === partsOf(b)[0];

/** The first step the marks of two digests tell apart; null where they tell none. */
export function firstDifference(a: string, b: string): number | null {
  const [marks, others] = [partsOf(a)[1], partsOf(b)[1]];
  const length = Math.max(marks.length, others.length);
  for (let step = 0; step < length; step++) if (marks[step] !== others[step]) return step;
  return null;
}

function partsOf(digest: string): [string, string] {
  const [hash, marks = ''] = digest.split('.');
  return [hash, marks];
}
