import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BUS_KINDS } from '../../src/domains/bus.ts';
import { DOMAIN_VERBS } from '../../src/domains/kinds.ts';
import * as matrix from '../../src/domains/matrix.ts';
import * as stack from '../../src/domains/stack.ts';
import { SLOT, type VectorState } from '../../src/domains/vector-state.ts';
import type { Ctx, Layer, Verbs } from '../../src/domains/verbs.ts';
import { createRecorder } from '../../src/engine/recorder.ts';
import { DOMAIN_KINDS, type DomainKind, NONE } from '../../src/model/machine.ts';
import type { Message } from '../../src/model/wire.ts';
import {
  begunIn,
  contextOf,
  doneIn,
  IRQ,
  logged,
  REQUEST,
  STACKS,
  type Stack,
  type VerbTable,
} from './stacks.ts';

/** One layer's verbs replaced by others. */
const withVerbs = (kind: DomainKind, change: Partial<Verbs>): VerbTable => ({
  ...DOMAIN_VERBS,
  [kind]: { ...DOMAIN_VERBS[kind], ...change },
});

/** Some layers without a verb. */
function without(kinds: readonly DomainKind[], verb: keyof Verbs): VerbTable {
  const table = { ...DOMAIN_VERBS };
  for (const kind of kinds) Object.assign(table, { [kind]: { ...table[kind], [verb]: undefined } });
  return table;
}

/**
 * What layers believe to be taken. A bus remembers messages that were there, and a CPU that a
 * vector was given back: a late arrival is no surprise then.
 */
const beliefs = (ctx: Ctx): unknown =>
  structuredClone(ctx.domains).map(state => {
    if (state.kind === 'vector') return { ...state, table: state.table.map(takenSlots) };
    return 'last' in state ? { ...state, last: {}, enabled: 0 } : state;
  });

const takenSlots = (slots: Record<number, number>): Record<string, number> =>
  Object.fromEntries(Object.entries(slots).filter(([, held]) => held !== SLOT.shutdown));

/** Layers of a stack that have a verb, from the device to the root. */
const having = ({ layers }: Stack, verb: keyof Verbs): DomainKind[] =>
  layers.filter(kind => verb in DOMAIN_VERBS[kind]);

test('there is a stack with every kind of layer', () => {
  const kinds = new Set(STACKS.flatMap(({ layers }) => layers));
  expect([...kinds].toSorted()).toEqual([...DOMAIN_KINDS].toSorted());
});

describe.each(STACKS)('$name', built => {
  const { top, layers } = built;
  const root = layers[layers.length - 1];
  const inwards = (verb: keyof Verbs) => having(built, verb).map(kind => `${kind}.${verb}`);

  test('the root is a vector layer, and only the topmost layer knows the store', () => {
    expect(root).toBe('vector');
    expect(BUS_KINDS).toContain(layers[0]);
    for (const kind of layers.slice(1)) expect(BUS_KINDS).not.toContain(kind);
  });

  test('resources are taken from the root outwards, then hardware is programmed likewise', () => {
    const log: string[] = [];
    const ctx = contextOf(built, logged(log));
    expect(stack.start(ctx, top, IRQ, REQUEST)).toBeNull();
    const outwards = (verb: keyof Verbs) => inwards(verb).toReversed();
    expect(doneIn(log)).toEqual([...outwards('alloc'), ...outwards('activate')]);
  });

  test('they go back the other way: hardware first, each from the device inwards', () => {
    const ctx = contextOf(built);
    const before = beliefs(ctx);
    stack.start(ctx, top, IRQ, REQUEST);
    const log: string[] = [];
    const again = { ...ctx, verbs: logged(log) };
    stack.stop(again, top, IRQ);
    expect(begunIn(log)).toEqual(inwards('deactivate'));
    const release = again.ops.filter(op => op.op === 'release');
    expect(release).toEqual([{ op: 'release', by: expect.anything(), domain: top, irq: IRQ }]);
    expect(again.ops.at(-1)?.op).toBe('release');
    log.length = 0;
    stack.free(again, top, IRQ);
    expect(begunIn(log)).toEqual(inwards('free'));
    expect(beliefs(again)).toEqual(before);
  });

  /** Layers that take resources, and fail in each way a layer can. */
  const failing = having(built, 'alloc').flatMap(kind =>
    (['alloc', 'activate'] as const)
      .filter(verb => verb in DOMAIN_VERBS[kind])
      .flatMap(verb =>
        (['at once', 'after its parent'] as const).map(when => ({ kind, verb, when })),
      ),
  );

  test.each(failing)(
    '$kind fails in $verb $when: nothing is left behind',
    ({ kind, verb, when }) => {
      const table = withVerbs(kind, { [verb]: failure(verb, when) });
      const ctx = contextOf(built, table);
      const before = beliefs(ctx);
      expect(stack.start(ctx, top, IRQ, REQUEST)).toBe('ENOMEM');
      expect(beliefs(ctx)).toEqual(before);
    },
  );

  test('what was taken is given back in reverse when hardware can’t be programmed', () => {
    const log: string[] = [];
    const table = withVerbs(root, { activate: () => 'ENOSPC' });
    expect(stack.start(contextOf(built, logged(log, table)), top, IRQ, REQUEST)).toBe('ENOSPC');
    expect(begunIn(log).filter(line => line.endsWith('.free'))).toEqual(inwards('free'));
    expect(begunIn(log).filter(line => line.endsWith('.deactivate'))).toEqual([]);
  });

  test('no vector is left: the stack gives everything back', () => {
    const ctx = contextOf(built);
    for (const state of ctx.domains)
      if (state.kind === 'vector')
        while (matrix.alloc(state.matrix, { cpus: allCpus(state), reserved: false }).ok);
    const before = beliefs(ctx);
    expect(stack.start(ctx, top, IRQ, REQUEST)).toBe('ENOSPC');
    expect(beliefs(ctx)).toEqual(before);
  });

  test('the nearest layer that can compose does', () => {
    const able = having(built, 'compose');
    for (let gone = 0; gone <= able.length; gone++) {
      const ctx = contextOf(built);
      expect(stack.start(ctx, top, IRQ, REQUEST)).toBeNull();
      const log: string[] = [];
      const table = without(able.slice(0, gone), 'compose');
      const composed = stack.compose({ ...ctx, verbs: logged(log, table) }, top, IRQ);
      expect(doneIn(log)).toEqual(able.slice(gone, gone + 1).map(kind => `${kind}.compose`));
      if (gone === able.length) expect(composed).toEqual({ error: 'ENOSYS' });
      else expect(composed).toHaveProperty('message');
    }
  });

  test('each layer says what it took and gave back, the own part before the parent’s', () => {
    const recorder = createRecorder(built.machine);
    const ctx = { ...contextOf(built), out: recorder.out };
    stack.start(ctx, top, IRQ, REQUEST);
    stack.stop(ctx, top, IRQ);
    stack.free(ctx, top, IRQ);
    const told = layers.filter(kind => kind === 'remap' || kind === 'vector');
    const of = (act: 'alloc' | 'free') =>
      recorder.trace.flatMap(record => (record.act === act ? [record.kind] : []));
    expect(of('alloc')).toEqual(told);
    expect(of('free')).toEqual(told);
  });

  test('nobody composes for an interrupt that was not allocated', () => {
    const composed = stack.compose(contextOf(built), top, IRQ);
    expect(composed).toEqual({ error: 'EINVAL' });
  });

  test('only the bus stores, and what is beneath it makes no difference to what it writes', () => {
    expect(having(built, 'store')).toEqual([layers[0]]);
    const bare = STACKS.find(
      ({ machine, layers: [bus] }) =>
        bus === layers[0] && machine.devices[0].store === built.machine.devices[0].store,
    );
    if (!bare) throw new Error('no stack to compare with');
    const messages: fc.Arbitrary<Message> = fc.record({
      addressLow: fc.integer({ min: 0xfee00000, max: 0xfeefffff }),
      addressHigh: fc.constant(0),
      data: fc.nat(0xffff),
    });
    fc.assert(
      fc.property(messages, message => {
        expect(written(built, message)).toEqual(written(bare, message));
      }),
      { numRuns: 50 },
    );
  });

  test.each([
    ['alloc', 'ENOSYS'],
    ['compose', 'ENOSYS'],
    ['store', 'ENOSYS'],
    ['setAffinity', 'ENOSYS'],
    ['supports', 'ENODEV'],
  ] as const)('%s that no layer has is a named error', (verb, error) => {
    const none = without(DOMAIN_KINDS, verb);
    const ctx = contextOf(built, none);
    const message = { addressLow: 0, addressHigh: 0, data: 0 };
    const move = { cpu: 0, vector: NONE, how: 'kernel', atomic: false } as const;
    const answers = {
      alloc: () => stack.alloc(ctx, top, IRQ, REQUEST),
      compose: () => stack.compose(ctx, top, IRQ),
      store: () => stack.store(ctx, top, IRQ, message),
      setAffinity: () => stack.setAffinity(ctx, top, IRQ, move),
      supports: () => stack.supports(ctx, top, stack.makeLayerNeed(built.machine, 0)),
    };
    const answer = answers[verb]();
    expect(answer).toEqual(verb === 'compose' || verb === 'setAffinity' ? { error } : error);
  });
});

/** Pins of an IO-APIC behind AMD-Vi have entries of their own: they are never short of any. */
const withTable = STACKS.filter(
  ({ layers, machine }) => layers.includes('remap') && machine.devices[0].store !== 'ioapic',
);

test.each(withTable)('$name: no table entry is left, and the vector goes back', built => {
  const ctx = contextOf(built);
  for (const state of ctx.domains)
    if (state.kind === 'remap') state.inherited = Array.from({ length: 65536 }, (_, i) => i);
  const before = beliefs(ctx);
  expect(stack.start(ctx, built.top, IRQ, REQUEST)).toBe('ENOMEM');
  expect(beliefs(ctx)).toEqual(before);
});

const withHypercalls = STACKS.filter(({ layers }) => layers.includes('hcall'));

test.each(withHypercalls)('$name: a hypercall is refused, and the guest gives back', built => {
  const ctx = contextOf(built, DOMAIN_VERBS, { error: 'EPERM' });
  const before = beliefs(ctx);
  expect(stack.start(ctx, built.top, IRQ, REQUEST)).toBe('EPERM');
  expect(beliefs(ctx)).toEqual(before);
});

const allCpus = (state: VectorState): number[] => [...state.matrix.cpus.keys()];

/** A verb that fails: before it asks its parent, or after, having given back what that took. */
function failure(verb: 'alloc' | 'activate', when: 'at once' | 'after its parent') {
  return (ctx: Ctx, layer: Layer, irq: number, request: never): 'ENOMEM' => {
    const { parent } = layer.spec;
    if (when === 'after its parent' && parent !== NONE) {
      if (verb === 'alloc') {
        if (!stack.alloc(ctx, parent, irq, request)) stack.free(ctx, parent, irq);
      } else if (!stack.activate(ctx, parent, irq, request)) stack.deactivate(ctx, parent, irq);
    }
    return 'ENOMEM';
  };
}

/** Words a stack's bus writes for a message, as register and value. */
function written(built: Stack, message: Message): [number, readonly number[]][] {
  const ctx = contextOf(built);
  stack.start(ctx, built.top, IRQ, REQUEST);
  const from = ctx.ops.length;
  expect(stack.store(ctx, built.top, IRQ, message)).toBeNull();
  return ctx.ops
    .slice(from)
    .flatMap((op): [number, readonly number[]][] =>
      op.op === 'store' ? [[op.first, op.words]] : [],
    );
}
