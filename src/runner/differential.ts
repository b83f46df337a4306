import { overPlatform } from '../check/platform-swap.ts';
import { findingOf } from '../check/rule.ts';
import { SOUND_AMD, SOUND_VTD } from '../check/sound.ts';
import type { Machine, RemapPlan } from '../model/machine.ts';
import type { Program } from '../model/program.ts';
import type { TraceRecord } from '../model/record.ts';
import { matchesRule, type RuleName } from '../model/rules.ts';
import type { Finding } from '../model/violation.ts';
import type { Scenario } from '../scenario/compile.ts';
import { sameChoices } from './choose-run.ts';
import { withoutSteps } from './purge.ts';
import { type RunView, runOnce } from './run-view.ts';

const RULE: RuleName = 'layering/bus-knows-platform';

/** Every platform a stack of bus layers can stand on. */
const PLATFORMS: readonly RemapPlan[] = [{ kind: 'none' }, SOUND_VTD, SOUND_AMD];

/** Verbs whose effect on the store the parent decides: a move is a matter of the table or not. */
const PARENT_DECIDES = ['affinity', 'cpu', 'unit', 'power', 'boot', 'write'];

/** Whether a scenario asks about the rule; looking for it costs a run over each platform. */
export const asksAboutBus = ({ expect }: Scenario): boolean =>
  expect.assertions.some(({ what }) => {
    const wanted = typeof what.violation === 'string' ? what.violation : what.violation?.rule;
    return wanted !== undefined && wanted !== 'any' && matchesRule(wanted, RULE);
  });

/**
 * The first access of a bus layer that differs when only the platform beneath differs: registers
 * and order of accesses count, message bits do not.
 */
export function busFindings(scenario: Scenario, view: RunView): Finding[] {
  const program = withoutSteps(scenario.program, ({ what }) => PARENT_DECIDES.includes(what.verb));
  const shown = PLATFORMS.map(remap => accessesOver(scenario, program, view, remap));
  for (const [device] of scenario.machine.devices.entries()) {
    const lists = shown.map(accesses => accesses[device]);
    const length = Math.max(...lists.map(list => list.length));
    for (let i = 0; i < length; i++) {
      const texts = lists.map(list => list[i] ?? 'nothing');
      if (texts.every(text => text === texts[0])) continue;
      return [report(scenario.machine, view.trace, device, texts)];
    }
  }
  return [];
}

function accessesOver(
  scenario: Scenario,
  program: Program,
  view: RunView,
  remap: RemapPlan,
): string[][] {
  const machine = overPlatform(scenario.machine, remap);
  const chance = sameChoices(view.choices, scenario.seed);
  const { trace } = runOnce(machine, program, chance);
  return machine.devices.map(({ name }) => trace.flatMap(record => accessOf(record, name)));
}

/** An access of software to the store of a device, without what it wrote. */
function accessOf(record: TraceRecord, device: string): string[] {
  if (record.act === 'trap' && record.device === device)
    return [`slot ${record.slot}, register ${record.first}, ${record.words.length} words`];
  if (record.act !== 'write' || record.of !== device) return [];
  if (record.unit !== 'store' && record.unit !== 'function') return [];
  const place = record.unit === 'store' ? `slot ${record.at}, register` : 'function register';
  return [`${place} ${record.first}, ${record.after.length} words`];
}

function report(
  machine: Machine,
  trace: readonly TraceRecord[],
  device: number,
  texts: readonly string[],
): Finding {
  const { name, owner } = machine.devices[device];
  const last = trace.findLast(
    record => record.act === 'write' && record.unit === 'store' && record.of === name,
  );
  const over = PLATFORMS.map(({ kind }, i) => `${texts[i]} over ${kind}`).join('; ');
  return findingOf(RULE, last?.seq ?? 0, {
    source: name,
    culprit: machine.realms[owner].name,
    victim: machine.realms[owner].name,
    sentence: `the bus layer of ${name} writes otherwise when only the platform differs: ${over}`,
  });
}
