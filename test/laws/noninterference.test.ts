import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Sim } from '../../src/engine/run.ts';
import { HOST } from '../../src/model/machine.ts';
import type { FunctionOp, Op, StoreOp } from '../../src/model/op.ts';
import type { Step, Verb } from '../../src/model/program.ts';
import type { TraceRecord } from '../../src/model/record.ts';
import { traceHash } from '../../src/report/trace-hash.ts';
import type { ScenarioYaml } from '../../src/scenario/schema.ts';
import { drive, inPlace } from './drivers.ts';
import { scenarios } from './generate.ts';
import { type Subject, subjectOf } from './subject.ts';

const RUNS = { numRuns: 400 };
const TIMEOUT = { timeout: 60_000 };

test('the same seed gives the same trace, to the hash', TIMEOUT, () => {
  fc.assert(
    fc.property(scenarios(10), document => {
      const hashes = [1, 2].map(() => traceHash(drive(subjectOf(document), inPlace).trace));
      expect(hashes[1]).toBe(hashes[0]);
    }),
    { numRuns: 100 },
  );
});

/** The same with a device in front that nobody uses. */
const withIdle = (document: ScenarioYaml): ScenarioYaml => ({
  ...document,
  devices: { idle: { bdf: '00:0f.0', store: 'ims-device' }, ...document.devices },
});

/** A trace without the records that name the device, numbered anew. */
function withoutIdle(trace: readonly TraceRecord[]): unknown[] {
  const kept = trace.filter(record => !JSON.stringify(record).includes('idle'));
  const number = new Map(kept.map((record, index) => [record.seq, index]));
  const anew = (seq: number | undefined): number => number.get(seq ?? -1) ?? -1;
  return kept.map(record => ({
    ...record,
    seq: anew(record.seq),
    causes: record.causes.map(anew),
    checks: record.checks.map(check => ({
      ...check,
      inputs: check.inputs.map(input => ({ ...input, lastWriter: anew(input.lastWriter) })),
    })),
  }));
}

test('a device that does nothing changes nothing for the others', TIMEOUT, () => {
  fc.assert(
    fc.property(scenarios(10), document => {
      const [without, beside] = [document, withIdle(document)].map(one =>
        drive(subjectOf(one), inPlace),
      );
      expect(JSON.stringify(withoutIdle(beside.trace))).toBe(
        JSON.stringify(withoutIdle(without.trace)),
      );
      const [one, other] = [without, beside].map(({ states }) => JSON.parse(states.at(-1) ?? ''));
      expect(other.random).toEqual(one.random);
      expect(beside.answers).toEqual(without.answers);
    }),
    RUNS,
  );
});

const HARDWARE = ['emit', 'retag', 'stray', 'translate', 'fault', 'deliver', 'post'];

/** What hardware did and when, without who is said to be behind it. */
const hardwareOf = (trace: readonly TraceRecord[]): string[] =>
  trace
    .filter(({ act }) => HARDWARE.includes(act))
    .map(({ seq: _, causes: __, actor: ___, where: ____, checks, ...what }) =>
      JSON.stringify([what, checks.map(({ rule, pass }) => [rule, pass])]),
    );

/** Verbs that reach hardware without a realm's own layers, a trap or an emulated unit. */
const REALMLESS: readonly Verb['verb'][] = ['raise', 'send'];

const isRealmless = ({ what }: Step): boolean =>
  REALMLESS.includes(what.verb) || (what.verb === 'write' && what.target.kind === 'descriptor');

/** Every such step is said to be another realm's, and so is every write on its way. */
function scrambled({ machine, program, seed }: Subject): Subject {
  const steps = program.steps.map(step =>
    isRealmless(step) ? { ...step, by: (step.by + 1) % machine.realms.length } : step,
  );
  return { machine, program: { ...program, steps }, seed };
}

/** Operations on a remap unit: whose they are says which unit they reach, real or emulated. */
const BY_ADDRESSES: readonly Op['op'][] = ['entry', 'invalidate', 'wait', 'register'];

/** Somebody else who reaches a store as well: of an untrapped one both its owner and the host do. */
function otherWriter({ env, state }: Sim, { by, device }: StoreOp | FunctionOp): number {
  if (env.machine.devices[device].reach === 'trapped') return by;
  const owner = state.hypervisor.owners[device];
  if (by === HOST) return owner;
  return by === owner ? HOST : by;
}

test('hardware does not know whose software a write was', TIMEOUT, () => {
  fc.assert(
    fc.property(scenarios(10), document => {
      const subject = subjectOf(document);
      const { realms } = subject.machine;
      const one = drive(subject, inPlace);
      const other = drive(scrambled(subject), (sim, out, index) => {
        for (const thread of sim.state.threads)
          thread.ops = thread.ops.map(op => {
            if (BY_ADDRESSES.includes(op.op)) return op;
            if (op.op === 'store' || op.op === 'function')
              return { ...op, by: otherWriter(sim, op) };
            return { ...op, by: (op.by + 1) % realms.length };
          });
        return inPlace(sim, out, index);
      });
      expect(hardwareOf(other.trace)).toEqual(hardwareOf(one.trace));
    }),
    RUNS,
  );
});

/** Every name another one, in what is compiled. */
function renamed({ machine, program, seed }: Subject): Subject {
  const named = <T extends { readonly name: string }>(list: readonly T[], prefix: string): T[] =>
    list.map((one, index) => ({ ...one, name: `${prefix}${index}` }));
  const other = {
    ...machine,
    name: 'renamed',
    cpus: named(machine.cpus, 'cpu'),
    realms: named(machine.realms, 'realm'),
    bridges: named(machine.bridges, 'bridge'),
    devices: named(machine.devices, 'device'),
    irqs: named(machine.irqs, 'irq'),
    domains: named(machine.domains, 'domain'),
  };
  return { machine: other, program, seed };
}

/** Puts indices for all names of a machine. */
function withoutNames({ machine }: Subject, lines: readonly string[]): string[] {
  const { cpus, bridges, devices, irqs } = machine;
  const places = new Map<string, string>();
  for (const [kind, list] of Object.entries({ cpus, bridges, devices, irqs }))
    for (const [index, { name }] of list.entries()) places.set(`"${name}"`, `"${kind} ${index}"`);
  return lines.map(line => line.replace(/"[^"]*"/g, text => places.get(text) ?? text));
}

test('hardware does not know names', TIMEOUT, () => {
  fc.assert(
    fc.property(scenarios(10), document => {
      const subject = subjectOf(document);
      const other = renamed(subject);
      const [one, two] = [subject, other].map(each => drive(each, inPlace));
      // Random streams are told apart by the names of devices.
      fc.pre(Object.keys(JSON.parse(one.states.at(-1) ?? '').random).length === 0);
      expect(withoutNames(other, hardwareOf(two.trace))).toEqual(
        withoutNames(subject, hardwareOf(one.trace)),
      );
    }),
    RUNS,
  );
});
