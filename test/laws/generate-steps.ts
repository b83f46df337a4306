import fc from 'fast-check';
import { CPU_CHANGES } from '../../src/model/program.ts';
import type { MessageYaml, StepYaml } from '../../src/scenario/schema-steps.ts';
import { type Cast, DEVICES, GUESTS, SLOTS } from './cast.ts';

/** A step that still has to learn who is there. */
type Draft = (cast: Cast) => StepYaml;

const small = fc.nat(3);
const deviceName = fc.constantFrom(...DEVICES);
const irq = fc
  .tuple(deviceName, fc.nat(SLOTS - 1))
  .map(([device, slot]) => ({ device, name: `${device}.${slot}` }));
/** Now and then the host works on what is a guest's. */
const by = fc.constantFrom(undefined, undefined, undefined, 'host');
const vector = fc.constantFrom(0x08, 0x1f, 0x22, 0x31, 0x51, 0xef, 0xf2);
const word = fc.oneof(
  fc.constantFrom(0, 1, 0xfee00000, 0xfee00010, 0xfee01008, 0xffffffff),
  fc.nat(0xffffffff),
);
const pick = <T>(list: readonly T[], n: number): T => list[n % list.length];

const actor = (cast: Cast, device: string, given: string | undefined): string =>
  given ?? cast.owners[device];

const message: fc.Arbitrary<MessageYaml> = fc.oneof(
  fc.record({
    format: fc.constant('compat' as const),
    dest: fc.constantFrom(0, 1, 2, 255),
    vector,
    mode: fc.constantFrom('fixed', 'lowest', 'nmi', 'init', 'smi', 'extint'),
    logical: fc.boolean(),
  }),
  fc.record({
    format: fc.constant('remappable' as const),
    handle: fc.constantFrom(0, 1, 2, 3, 17),
    shv: fc.constantFrom(0, 1),
    subhandle: fc.nat(1),
  }),
  fc.record({ format: fc.constant('index' as const), index: fc.constantFrom(0, 1, 2, 17) }),
  fc.record({ address: word, addressHigh: fc.constantFrom(0, 0, 1), data: word }),
);

const irqVerb = <V extends string>(...verbs: V[]) =>
  fc.record({ verb: fc.constantFrom(...verbs), irq, by });

/** Two names of one CPU, at random: of the realm that acts. */
const cpuOf = (cast: Cast, realm: string, n: number): string => pick(cast.cpus[realm], n);

const allocate: fc.Arbitrary<Draft> = fc
  .record({
    irq,
    by,
    both: fc.boolean(),
    cpu: fc.option(small),
    managed: fc.option(small),
    rest: fc.record({ vector, entry: small, reserve: fc.boolean() }, { requiredKeys: [] }),
  })
  .map(draw => cast => {
    const realm = actor(cast, draw.irq.device, draw.by);
    return {
      allocate: {
        irq: draw.both ? `${draw.irq.device}.0` : draw.irq.name,
        ...(draw.both && { count: SLOTS }),
        ...(draw.cpu !== null && { cpu: cpuOf(cast, realm, draw.cpu) }),
        ...(draw.managed !== null && { managed: [cpuOf(cast, realm, draw.managed)] }),
        ...draw.rest,
      },
      by: realm,
    };
  });

const simple: fc.Arbitrary<Draft> = irqVerb(
  'activate',
  'compose',
  'store',
  'store',
  'mask',
  'unmask',
  'free',
).map(draw => () => ({ [draw.verb]: draw.irq.name, by: draw.by }));

/** What makes an interrupt work, so that not everything ends in ENOENT. */
const use: fc.Arbitrary<Draft[]> = fc.record({ irq, cpu: small }).map(draw => [
  cast => {
    const by = cast.owners[draw.irq.device];
    return { allocate: { irq: draw.irq.name, cpu: cpuOf(cast, by, draw.cpu) }, by };
  },
  () => ({ store: draw.irq.name }),
  () => ({ raise: draw.irq.name }),
]);

const affinity: fc.Arbitrary<Draft> = fc
  .record({
    irq,
    by,
    cpu: small,
    vector: fc.option(vector, { nil: undefined }),
    how: fc.constantFrom('kernel', 'naive', 'two-step', 'msi-off'),
  })
  .map(({ irq: at, ...draw }) => cast => {
    const by = actor(cast, at.device, draw.by);
    const { vector, how } = draw;
    return { affinity: { irq: at.name, cpu: cpuOf(cast, by, draw.cpu), vector, how }, by };
  });

const rid = fc.constantFrom('00:03.0', '00:04.0', '00:1f.1', '01:1e.0', '7f:00.0');

const raise: fc.Arbitrary<Draft> = fc.oneof(
  fc
    .record({ irq, times: fc.integer({ min: 1, max: 4 }), as: fc.option(rid, { nil: undefined }) })
    .map(
      (draw): Draft =>
        () => ({ raise: { ...draw, irq: draw.irq.name } }),
    ),
  fc
    .record({
      device: deviceName,
      message,
      as: fc.option(rid, { nil: undefined }),
      pasid: fc.option(fc.nat(2), { nil: undefined }),
    })
    .map(
      (draw): Draft =>
        () => ({ raise: draw }),
    ),
);

const invalidate: fc.Arbitrary<Draft> = fc
  .oneof(
    fc.constant('all' as const),
    fc.record({ entry: small, count: fc.integer({ min: 1, max: 3 }) }),
    fc.record({ device: deviceName }),
  )
  .map(draw => () => ({ invalidate: draw }));

const write: fc.Arbitrary<Draft> = fc.oneof(
  fc
    .record({
      entry: small,
      device: deviceName,
      words: fc.array(word, { minLength: 1, maxLength: 2 }),
      first: fc.nat(2),
    })
    .map(
      (draw): Draft =>
        ({ entryWords }) =>
          entryWords === 1
            ? { write: { ...draw, words: draw.words.slice(0, 1), first: 0 } }
            : { write: draw },
    ),
  fc
    .record({
      deviceEntry: deviceName,
      words: fc.array(word, { minLength: 1, maxLength: 2 }),
      first: fc.nat(6),
    })
    .map(
      (draw): Draft =>
        cast =>
          cast.amdvi ? { write: draw } : { wait: '0ns' },
    ),
  fc.record({ slot: irq, message }).map(
    (draw): Draft =>
      () => ({ write: { slot: draw.slot.name, message: draw.message } }),
  ),
  fc
    .record({
      slot: irq,
      register: fc.constantFrom('address', 'addressHigh', 'data', 'control', 'rteLow'),
      value: word,
    })
    .map(
      (draw): Draft =>
        () => ({ write: { ...draw, slot: draw.slot.name } }),
    ),
  fc.record({ register: fc.constantFrom('gsts', 'fsts'), value: word }).map(
    (draw): Draft =>
      cast =>
        cast.vtd ? { write: draw } : { wait: '0ns' },
  ),
);

const cpu: fc.Arbitrary<Draft> = fc
  .record({
    realm: fc.constantFrom('host', ...GUESTS),
    n: small,
    do: fc.constantFrom(...CPU_CHANGES),
    on: small,
  })
  .map(draw => cast => {
    const virtual = draw.do === 'run' || draw.do === 'preempt' || draw.do === 'block';
    const realm = virtual && draw.realm === 'host' ? 'a' : draw.realm;
    const on = draw.do === 'run' ? pick(cast.physical, draw.on) : undefined;
    return { cpu: { cpu: cpuOf(cast, realm, draw.n), do: draw.do, on }, by: realm };
  });

const platformStep: fc.Arbitrary<Draft> = fc.oneof(
  deviceName.map(
    (device): Draft =>
      () => ({ create: device }),
  ),
  fc.record({ device: deviceName, to: fc.constantFrom('host', ...GUESTS) }).map(
    (draw): Draft =>
      () => ({ assign: draw }),
  ),
  fc
    .record(
      {
        enabled: fc.boolean(),
        compatFormat: fc.constantFrom('block', 'pass'),
        table: fc.constantFrom('empty', 'copy'),
      } as const,
      { requiredKeys: [] },
    )
    .map(
      (draw): Draft =>
        () => ({ unit: draw }),
    ),
  fc.constantFrom('suspend' as const, 'resume' as const).map(
    (power): Draft =>
      () => ({ power }),
  ),
  fc.constantFrom('kernel' as const, 'crash-kernel' as const).map(
    (boot): Draft =>
      () => ({ boot }),
  ),
);

const hypercall: fc.Arbitrary<Draft> = fc
  .record({
    call: fc.constantFrom('allocate', 'compose', 'free', 'retarget'),
    irq,
    by: fc.constantFrom(...GUESTS),
    cpu: small,
    foreign: fc.boolean(),
    vector,
  })
  .map(draw => cast => {
    const { call, by: caller } = draw;
    const target = draw.foreign
      ? pick([...cast.physical, 'b/v0'], draw.cpu)
      : cpuOf(cast, caller, draw.cpu);
    const isPlaced = call === 'allocate' || call === 'retarget';
    return {
      hypercall: {
        call,
        irq: draw.irq.name,
        ...(isPlaced && { cpu: target, vector: draw.vector }),
      },
      by: caller,
    };
  });

const anyMessage = fc.oneof(fc.constant('any' as const), message);

const attack: fc.Arbitrary<Draft> = fc.oneof(
  fc.record({ irq, message: anyMessage }).map(
    (draw): Draft =>
      () => ({ attack: { kind: 'forge-store', ...draw, irq: draw.irq.name } }),
  ),
  irq.map(
    (draw): Draft =>
      () => ({ attack: { kind: 'replay', irq: draw.name } }),
  ),
  fc.record({ device: deviceName, message: anyMessage }).map(
    (draw): Draft =>
      () => ({ attack: { kind: 'dma-write', ...draw } }),
  ),
  fc.record({ device: deviceName, message: anyMessage, as: rid }).map(
    (draw): Draft =>
      () => ({ attack: { kind: 'spoof', ...draw } }),
  ),
  fc.record({ irq, times: fc.integer({ min: 1, max: 4 }) }).map(
    (draw): Draft =>
      () => ({ attack: { kind: 'storm', ...draw, irq: draw.irq.name } }),
  ),
);

const wait: fc.Arbitrary<Draft> = fc
  .constantFrom('0ns', '70ns', '1us')
  .map(wait => () => ({ wait }));

const single = fc.oneof(
  { weight: 3, arbitrary: allocate },
  { weight: 5, arbitrary: simple },
  { weight: 3, arbitrary: affinity },
  { weight: 4, arbitrary: raise },
  { weight: 1, arbitrary: invalidate },
  { weight: 2, arbitrary: write },
  { weight: 2, arbitrary: cpu },
  { weight: 2, arbitrary: platformStep },
  { weight: 2, arbitrary: hypercall },
  { weight: 2, arbitrary: attack },
  { weight: 1, arbitrary: wait },
);

/** Steps of a timed script may say when they happen. */
const when = fc.record(
  { at: fc.constantFrom('0ns', '500ns', '2us'), after: fc.constantFrom('0ns', '20ns', '400ns') },
  { requiredKeys: [] },
);
const placed: fc.Arbitrary<Draft> = fc
  .tuple(single, when, fc.nat(3))
  .map(([draft, time, rare]) => cast => ({
    ...draft(cast),
    ...(cast.timed && rare === 0 && time),
  }));

const few: fc.Arbitrary<Draft[]> = fc.array(placed, { maxLength: 3 });

/** Blocks of a few steps, told in the words of `race`, `choose` and `repeat`. */
const block: fc.Arbitrary<Draft> = fc.oneof(
  fc.tuple(fc.constantFrom('race' as const, 'choose' as const), few, few).map(
    ([verb, one, two]): Draft =>
      cast => ({
        [verb]: { one: one.map(draft => draft(cast)), two: two.map(draft => draft(cast)) },
      }),
  ),
  fc.tuple(fc.integer({ min: 1, max: 3 }), few).map(
    ([times, body]): Draft =>
      cast => ({
        repeat: { times, steps: body.map(draft => draft(cast)) },
      }),
  ),
);

const group: fc.Arbitrary<Draft[]> = fc.oneof(
  { weight: 5, arbitrary: use },
  { weight: 6, arbitrary: placed.map(draft => [draft]) },
  { weight: 2, arbitrary: block.map(draft => [draft]) },
);

/** Scripts of up to `max` steps or small groups of them. */
export const stepsFor = (max: number): fc.Arbitrary<(cast: Cast) => StepYaml[]> =>
  fc
    .array(group, { minLength: 1, maxLength: max, size: 'max' })
    .map(groups => cast => groups.flat().map(draft => draft(cast)));
