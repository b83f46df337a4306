import type { StepYaml } from '../scenario/schema-steps.ts';
import type { ScenarioDocument } from '../scenario/write-scenario.ts';

interface Shrinkable {
  readonly document: ScenarioDocument;
}

/** The smaller draft, made whole, where it still goes wrong; null where it is all right. */
export type Again<T> = (smaller: T) => T | null;

/**
 * Leaves steps out as long as what remains still goes wrong: afterwards no single step can be left
 * out, at whatever depth it stands.
 */
export function leaveOutSteps<T extends Shrinkable>(draft: T, again: Again<T>): T {
  return untilNothing(draft, again, document => withoutEachStep(document));
}

/** Sections whose members may be of no importance, and those that may be so as a whole. */
const MEMBERS = ['devices', 'guests', 'domains', 'hypervisor', 'policy'] as const;
const SECTIONS = ['domains', 'hypervisor', 'policy'] as const;

/** Leaves out whatever else does not matter: devices, guests, settings. */
export function leaveOutParts<T extends Shrinkable>(draft: T, again: Again<T>): T {
  return untilNothing(draft, again, document => [
    ...SECTIONS.flatMap(section => (section in document ? [without(document, section)] : [])),
    ...MEMBERS.flatMap(section => withoutEachMember(document, section)),
    ...withoutEachMember(document, 'platform').filter(({ platform }) => platform !== undefined),
  ]);
}

function untilNothing<T extends Shrinkable>(
  draft: T,
  again: Again<T>,
  smaller: (document: ScenarioDocument) => ScenarioDocument[],
): T {
  let small = draft;
  for (;;) {
    const next = firstOf(smaller(small.document), document => again({ ...small, document }));
    if (!next) return small;
    small = next;
  }
}

function firstOf<A, B>(list: readonly A[], attempt: (one: A) => B | null): B | null {
  for (const one of list) {
    const result = attempt(one);
    if (result) return result;
  }
  return null;
}

/** Every document that has one step less, the last step first; blocks are left out whole first. */
function withoutEachStep(document: ScenarioDocument): ScenarioDocument[] {
  const steps = (document.steps ?? []) as readonly StepYaml[];
  return lessSteps(steps).map(fewer => ({ ...document, steps: fewer }));
}

function lessSteps(steps: readonly StepYaml[]): StepYaml[][] {
  const found: StepYaml[][] = [];
  for (let i = steps.length - 1; i >= 0; i--) {
    found.push(steps.filter((_, at) => at !== i));
    for (const smaller of smallerBlocks(steps[i]))
      found.push(steps.map((step, at) => (at === i ? smaller : step)));
  }
  return found;
}

/** A block with one step of its own less. */
function smallerBlocks(step: StepYaml): StepYaml[] {
  if (step.repeat)
    return lessSteps(step.repeat.steps).map(steps => ({
      ...step,
      repeat: { times: step.repeat?.times ?? 1, steps },
    }));
  return (['race', 'choose'] as const).flatMap(key =>
    Object.entries(step[key] ?? {}).flatMap(([name, steps]) =>
      lessSteps(steps).map(fewer => ({ ...step, [key]: { ...step[key], [name]: fewer } })),
    ),
  );
}

function without(document: ScenarioDocument, key: string): ScenarioDocument {
  const { [key]: _, ...rest } = document;
  return rest;
}

function withoutEachMember(document: ScenarioDocument, section: string): ScenarioDocument[] {
  const members = document[section];
  if (typeof members !== 'object' || members === null) return [];
  return Object.keys(members).map(key => ({
    ...document,
    [section]: without(members as ScenarioDocument, key),
  }));
}
