import { createRecorder } from '../../src/engine/recorder.ts';
import { createRing } from '../../src/engine/ring.ts';
import { advance, begin, createSim, type Sim } from '../../src/engine/run.ts';
import { loadScenario, type Scenario } from '../../src/index.ts';
import { type Out, SILENT } from '../../src/model/out.ts';
import { processorMs, type Round } from './measure.ts';
import { BUS_NS, CPU_NS, DEVICES, drawGapNs, gapsNs, MEAN_GAP_NS, REMAP_NS } from './msi64.ts';

/*
 * msi64 on the whole machine: 64 devices with MSI behind a VT-d unit with a table of 256 entries,
 * real words everywhere, every check evaluated. Software allocates, composes and stores; then each
 * device raises at gaps drawn as in the toy. A message is four events here too: the device raises,
 * and three hops.
 */

const TABLE_ENTRIES = 256;
/** Raises written out for each device before they come again. */
const RAISES = 32;

const each = <T>(make: (device: number) => T): T[] =>
  Array.from({ length: DEVICES }, (_, i) => make(i));

function documentOf(messages: number): unknown {
  const draw = { random: 1, gapsNs: gapsNs(MEAN_GAP_NS) };
  const two = (n: number): string => n.toString(16).padStart(2, '0');
  return {
    irqscope: 1,
    name: 'msi64',
    title: 'msi64',
    platform: {
      cpus: 4,
      ir: { kind: 'vtd', entries: TABLE_ENTRIES },
      latency: { bus: `${BUS_NS}ns`, remap: `${REMAP_NS}ns`, cpu: `${CPU_NS}ns` },
    },
    devices: Object.fromEntries(
      each(i => [`d${i}`, { bdf: `01:${two(i >> 3)}.${i & 7}`, store: 'msi' }]),
    ),
    steps: [
      ...each(i => ({ allocate: { irq: `d${i}.0`, cpu: `p${i % 4}` } })),
      ...each(i => ({ store: `d${i}.0` })),
      {
        race: Object.fromEntries(
          each(i => [
            `t${i}`,
            [
              {
                repeat: {
                  times: Math.ceil(messages / (DEVICES * RAISES)),
                  steps: Array.from({ length: RAISES }, () => ({
                    raise: `d${i}.0`,
                    after: `${drawGapNs(draw)}ns`,
                  })),
                },
              },
            ],
          ]),
        ),
      },
    ],
  };
}

/** The scenario, with at least so many messages. */
export function msi64Scenario(messages: number): Scenario {
  const text = JSON.stringify(documentOf(messages));
  const { scenarios, problems } = loadScenario('msi64.yaml', text, () => null);
  if (problems.length > 0) throw new Error(JSON.stringify(problems[0]));
  return scenarios[0];
}

const FACTS_KEPT = 4096;

/** Where records go. */
export const LEVELS = ['silent', 'facts', 'full'] as const;
export type Level = (typeof LEVELS)[number];

/** An `Out` of a level that keeps the latest records only. */
function outOf({ machine }: Scenario, level: Level): Out {
  if (level === 'silent') return SILENT;
  if (level === 'facts') return createRing(FACTS_KEPT).out;
  const { out, trace } = createRecorder(machine);
  return {
    ...out,
    emit: (actor, what, checks) => {
      if (trace.length === FACTS_KEPT) trace.length = 0;
      out.emit(actor, what, checks);
    },
  };
}

/** A checksum of what arrived: of all words of the APICs and of every time. */
function checkOf({ state, agenda }: Sim): number {
  const words = state.apics.flatMap(apic => [...apic.irr, ...apic.isr]);
  return [...words, agenda.timeNs].reduce((check, word) => Math.imul(check ^ word, 0x01000193), 0);
}

/** msi64 on the whole machine, `events` events after software is done. */
export function runMsi64Machine(level: Level, events: number): () => Round {
  const scenario = msi64Scenario(events / 4);
  return () => {
    const { machine, program, seed } = scenario;
    const sim = createSim(machine, program, { seed, pick: () => 0 });
    const out = outOf(scenario, level);
    begin(sim, out);
    for (let setUp = 0; setUp < 3 * DEVICES; setUp++) advance(sim, out, setUp);
    const start = processorMs();
    let done = 0;
    while (done < events && advance(sim, out, done)) done++;
    return { ms: processorMs() - start, events: done, check: checkOf(sim) };
  };
}
