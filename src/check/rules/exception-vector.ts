import { type KernelName, systemVector } from '../../arch/linux.ts';
import { FIRST_EXTERNAL_VECTOR } from '../../arch/message.ts';
import { effectText, type StoryRule, sourceText, victimText } from '../rule.ts';

const isSystem = (kernel: KernelName, vector: number): boolean =>
  vector < FIRST_EXTERNAL_VECTOR || systemVector(kernel, vector) !== undefined;

/** A vector the CPU or the operating system uses for its own work. */
export const exceptionVector: StoryRule = {
  rule: 'mode/exception-vector',
  holds: s =>
    !s.allowed &&
    (s.effect?.mode === 'fixed' || s.effect?.mode === 'lowest') &&
    isSystem(s.machine.kernel, s.effect.vector),
  sentence: s => {
    const what = systemVector(s.machine.kernel, s.effect?.vector ?? 0) ?? 'a CPU exception';
    return `${sourceText(s)} raised ${effectText(s)}, which ${victimText(s)} takes for ${what}`;
  },
};
