import type { Program, Step } from '../model/program.ts';

/**
 * The same script with some of its steps left out. Steps keep their numbers; blocks that are empty
 * then go as well.
 */
export function withoutSteps(program: Program, dropped: (step: Step) => boolean): Program {
  const kept = new Map<number, boolean>();
  const isEmpty = (sequence: number): boolean => !program.sequences[sequence].some(keeps);
  const keeps = (index: number): boolean => {
    const known = kept.get(index);
    if (known !== undefined) return known;
    const step = program.steps[index];
    const bodies = bodiesOf(step);
    const answer = !dropped(step) && (bodies.length === 0 || !bodies.every(isEmpty));
    kept.set(index, answer);
    return answer;
  };
  const sequences = program.sequences.map(steps => steps.filter(keeps));
  return { ...program, sequences, actions: [] };
}

/** Bodies of a step that steers; none for one that acts. */
function bodiesOf({ what }: Step): readonly number[] {
  if (what.verb === 'race') return what.threads.map(thread => thread.sequence);
  if (what.verb === 'choose') return what.branches.map(branch => branch.sequence);
  return what.verb === 'repeat' ? [what.sequence] : [];
}
