import type { Reporter, TestModule } from 'vitest/node';
import { LEFT_OUT } from './tools.ts';

/** What was left out, by reason, and how many tests of each. */
function leftOut(modules: readonly TestModule[]): Map<string, number> {
  const reasons = new Map<string, number>();
  for (const module of modules)
    for (const { fullName } of module.children.allTests('skipped')) {
      const why = LEFT_OUT.exec(fullName)?.[1];
      // Others were not asked for, by `-t` or the like.
      if (why) reasons.set(why, (reasons.get(why) ?? 0) + 1);
    }
  return reasons;
}

const count = (modules: readonly TestModule[], state: 'passed' | 'failed' | 'skipped'): number =>
  modules.reduce((sum, module) => sum + [...module.children.allTests(state)].length, 0);

/** Says at the end of a run what was left out and how to get it, and how many tests there were. */
export const leftOutReporter: Reporter = {
  onTestRunEnd(modules) {
    for (const [why, tests] of leftOut(modules))
      console.log(`LEFT OUT ${tests} test${tests === 1 ? '' : 's'}: ${why}`);
    const [passed, failed, skipped] = [
      count(modules, 'passed'),
      count(modules, 'failed'),
      count(modules, 'skipped'),
    ];
    console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
  },
};
