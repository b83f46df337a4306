import { stepOf } from '../check/evidence.ts';
import { hardenings } from '../check/hardening.ts';
import type { Finding } from '../model/violation.ts';
import type { Scenario } from '../scenario/compile.ts';
import { sameChoices } from './choose-run.ts';
import { type RunView, runOnce } from './run-view.ts';

/** Says which single checks, switched on, make a finding of a run go away. */
export type Cures = (finding: Finding) => string[];

/** The cures of one run, found by running it again with each check; not before somebody asks. */
export function curesOf(scenario: Scenario, view: RunView): Cures {
  let hardened: readonly { readonly text: string; readonly left: ReadonlySet<string> }[] | null;
  const find = () =>
    hardenings(scenario.machine).map(({ text, machine }) => {
      const chance = sameChoices(view.choices, scenario.seed);
      return { text, left: placesOf(runOnce(machine, scenario.program, chance)) };
    });
  return finding => {
    hardened ??= find();
    const place = placeOf(view, finding);
    return hardened
      .filter(({ left }) => !left.has(place))
      .map(({ text }) => `would have been stopped by: ${text}`);
  };
}

/** A finding by its rule and the step that set it off: the same in two runs that differ little. */
const placeOf = ({ trace }: RunView, { rule, seq }: Finding): string =>
  `${rule} ${stepOf(trace, seq)}`;

const placesOf = (view: RunView): Set<string> =>
  new Set(view.findings.map(finding => placeOf(view, finding)));
