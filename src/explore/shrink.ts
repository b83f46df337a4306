import type { StepYaml } from '../scenario/schema-steps.ts';
import type { ScenarioDocument } from '../scenario/write-scenario.ts';

interface Shrinkable {
  readonly document: ScenarioDocument;
}

/**
 * Leaves steps out as long as `again` finds that what remains still goes wrong: afterwards no single
 * step can be left out. `again` returns the smaller draft, made whole; null where it is all right.
 */
export function leaveOut<T extends Shrinkable>(draft: T, again: (smaller: T) => T | null): T {
  let small = draft;
  let changed = true;
  while (changed) {
    changed = false;
    for (let i = stepsIn(small).length - 1; i >= 0; i--) {
      const steps = stepsIn(small).filter((_, at) => at !== i);
      const next = again({ ...small, document: { ...small.document, steps } });
      if (!next) continue;
      small = next;
      changed = true;
    }
  }
  return small;
}

const stepsIn = ({ document }: Shrinkable): readonly StepYaml[] =>
  (document.steps ?? []) as readonly StepYaml[];
