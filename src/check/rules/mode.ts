import type { DeliveryMode } from '../../arch/message.ts';
import { effectText, type StoryRule, sourceText } from '../rule.ts';

const modeRule = (mode: DeliveryMode & ('nmi' | 'init' | 'smi' | 'extint')): StoryRule => ({
  rule: `mode/${mode}`,
  holds: s => !s.allowed && s.effect?.mode === mode,
  sentence: s => `${sourceText(s)} caused ${effectText(s)}; ${s.policy}`,
});

/** Delivery modes that were not granted. */
export const modeRules: readonly StoryRule[] = [
  modeRule('nmi'),
  modeRule('init'),
  modeRule('smi'),
  modeRule('extint'),
];
