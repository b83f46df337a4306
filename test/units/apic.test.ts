import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DELIVERY_MODES } from '../../src/arch/message.ts';
import type { CpuSpec } from '../../src/model/machine.ts';
import type { InterruptRequest } from '../../src/model/wire.ts';
import {
  type ApicState,
  accept,
  beginService,
  deliverable,
  endOfInterrupt,
  initialApic,
  isLevel,
  logicalId,
  targets,
} from '../../src/units/apic.ts';

const cpu = (apicId: number, mode: CpuSpec['mode'] = 'xapic'): CpuSpec => ({
  name: `p${apicId}`,
  realm: 0,
  apicId,
  mode,
  runsOn: -1,
});

const FIXED = { vector: 0x41, deliveryMode: 0, destMode: 0, dest: 0, redirHint: 0, triggerMode: 0 };
const ask = (more: Partial<InterruptRequest> = {}): InterruptRequest => ({ ...FIXED, ...more });

const fresh = (tpr = 0): ApicState => initialApic(cpu(0), tpr);

/** Vectors set in a register of eight words. */
const vectorsIn = (words: readonly number[]): number[] =>
  Array.from({ length: 256 }, (_, v) => v).filter(v => (words[v >> 5] >>> (v & 31)) & 1);

describe('addressing', () => {
  const reached = (cpus: readonly CpuSpec[], request: Partial<InterruptRequest>): number[] =>
    targets(
      cpus,
      cpus.map(spec => initialApic(spec)),
      ask(request),
    );
  const four = [0, 1, 2, 3].map(id => cpu(id));
  const wide = [0x00, 0x01, 0x11, 0xff, 0x1234].map(id => cpu(id, 'x2apic'));

  test.each<[string, readonly CpuSpec[], Partial<InterruptRequest>, number[]]>([
    ['physical, one of four', four, { dest: 2 }, [2]],
    ['physical, nobody', four, { dest: 9 }, []],
    ['physical broadcast, xAPIC', four, { dest: 0xff }, [0, 1, 2, 3]],
    ['wide broadcast means nothing to an xAPIC', four, { dest: 0xffffffff }, []],
    ['0xff is an id like any other in x2APIC mode', wide, { dest: 0xff }, [3]],
    ['physical broadcast, x2APIC', wide, { dest: 0xffffffff }, [0, 1, 2, 3, 4]],
    ['physical, wide id', wide, { dest: 0x1234 }, [4]],
    ['flat set', four, { destMode: 1, dest: 0b0101 }, [0, 2]],
    ['flat set of nobody', four, { destMode: 1, dest: 0 }, []],
    ['all bits of the flat model', four, { destMode: 1, dest: 0xff }, [0, 1, 2, 3]],
    ['cluster 0, members 0 and 1', wide, { destMode: 1, dest: 0x00000003 }, [0, 1]],
    ['cluster 1, member 1', wide, { destMode: 1, dest: 0x00010002 }, [2]],
    ['cluster 1, another member', wide, { destMode: 1, dest: 0x00010004 }, []],
    ['cluster 0x123', wide, { destMode: 1, dest: 0x01230010 }, [4]],
    ['logical broadcast, x2APIC', wide, { destMode: 1, dest: 0xffffffff }, [0, 1, 2, 3, 4]],
  ])('%s', (_name, cpus, request, hit) => {
    expect(reached(cpus, request)).toEqual(hit);
  });

  test('logical ids: one bit of eight by position, or cluster and member by id', () => {
    expect(Array.from({ length: 9 }, (_, i) => logicalId(cpu(i + 3), i))).toEqual([
      1, 2, 4, 8, 16, 32, 64, 128, 0,
    ]);
    expect(logicalId(cpu(0x1234, 'x2apic'), 0)).toBe(0x01230010);
    expect(logicalId(cpu(0xfffff, 'x2apic'), 0)).toBe(0xffff8000);
  });
});

describe('lowest priority', () => {
  const cpus = [0, 1, 2].map(id => cpu(id));
  const apics = (tprs: readonly number[], online = [1, 1, 1]): ApicState[] =>
    cpus.map((spec, i) => ({ ...initialApic(spec, tprs[i]), online: online[i] }));
  const lowest = { deliveryMode: 1, destMode: 1, dest: 0b111 };

  test.each<[string, Partial<InterruptRequest>, ApicState[], number[]]>([
    ['equal: the first', lowest, apics([0, 0, 0]), [0]],
    ['the one with the lowest task priority', lowest, apics([0x50, 0x40, 0x40]), [1]],
    ['one that is offline does not take part', lowest, apics([0, 0, 0], [0, 1, 1]), [1]],
    ['all offline: the first has it', lowest, apics([9, 9, 9], [0, 0, 0]), [0]],
    ['only those addressed take part', { ...lowest, dest: 0b110 }, apics([0, 0x20, 0x10]), [2]],
    [
      'a logical set with the redirection hint is one of it',
      { destMode: 1, dest: 0b111, redirHint: 1 },
      apics([0x50, 0, 0]),
      [1],
    ],
    ['without it, all of it', { destMode: 1, dest: 0b111 }, apics([0x50, 0, 0]), [0, 1, 2]],
    [
      'the hint says nothing about a physical destination',
      { dest: 0xff, redirHint: 1 },
      apics([0, 0, 0]),
      [0, 1, 2],
    ],
    ['lowest priority and broadcast', { deliveryMode: 1, dest: 0xff }, apics([2, 1, 3]), [1]],
  ])('%s', (_name, request, state, hit) => {
    for (let again = 0; again < 3; again++) expect(targets(cpus, state, ask(request))).toEqual(hit);
  });
});

describe('accepting', () => {
  test('a vector that is requested already coalesces; one in service may be requested again', () => {
    const apic = fresh();
    expect(accept(apic, ask())).toBe('accepted');
    expect(accept(apic, ask())).toBe('coalesced');
    expect(vectorsIn(apic.irr)).toEqual([0x41]);
    beginService(apic, 0x41);
    expect(accept(apic, ask())).toBe('accepted');
    expect(accept(apic, ask())).toBe('coalesced');
    expect([vectorsIn(apic.irr), vectorsIn(apic.isr)]).toEqual([[0x41], [0x41]]);
  });

  test.each([0, 1, 0xf])('vector %i is illegal, and said so in the ESR', vector => {
    for (const deliveryMode of [0, 1]) {
      const apic = fresh();
      expect(accept(apic, ask({ vector, deliveryMode }))).toBe('illegal-vector');
      expect(apic.esr).toBe(1 << 6);
      expect(vectorsIn(apic.irr)).toEqual([]);
    }
  });

  test('vectors 16 to 31 are accepted, exceptions or not', () => {
    expect(accept(fresh(), ask({ vector: 0x10 }))).toBe('accepted');
    expect(accept(fresh(), ask({ vector: 0x1f }))).toBe('accepted');
  });

  test.each(['nmi', 'smi', 'init', 'extint'] as const)(
    '%s goes past the request register',
    mode => {
      const apic = fresh();
      const request = ask({ deliveryMode: DELIVERY_MODES.indexOf(mode), vector: 0 });
      expect(accept(apic, request)).toBe('accepted');
      expect(accept(apic, request)).toBe('coalesced');
      expect(apic[mode]).toBe(1);
      expect([vectorsIn(apic.irr), apic.esr]).toEqual([[], 0]);
    },
  );

  test.each([3, 6])('reserved delivery mode %i leaves everything as it was', deliveryMode => {
    const apic = fresh();
    expect(accept(apic, ask({ deliveryMode }))).toBe('reserved-mode');
    expect(apic).toEqual(fresh());
  });

  test('with a check off, what it would drop is taken for fixed', () => {
    const apic = fresh();
    const reserved = ask({ deliveryMode: 3 });
    expect(accept(apic, reserved, ['apic/legal-vector'])).toBe('reserved-mode');
    expect(accept(apic, reserved, ['apic/delivery-mode'])).toBe('accepted');
    const illegal = ask({ vector: 0xf });
    expect(accept(apic, illegal, ['apic/delivery-mode'])).toBe('illegal-vector');
    expect(accept(apic, illegal, ['apic/legal-vector'])).toBe('accepted');
    expect(vectorsIn(apic.irr)).toEqual([0xf, 0x41]);
  });

  test('a CPU that is offline takes nothing', () => {
    const apic = { ...fresh(), online: 0 };
    for (const deliveryMode of [0, 1, 2, 4, 5, 7])
      expect(accept(apic, ask({ deliveryMode }))).toBe('offline');
    expect(apic).toEqual({ ...fresh(), online: 0 });
  });

  test('the trigger mode is that of the last request', () => {
    const apic = fresh();
    accept(apic, ask({ triggerMode: 1 }));
    expect(isLevel(apic, 0x41)).toBe(true);
    accept(apic, ask({ triggerMode: 0 }));
    expect(isLevel(apic, 0x41)).toBe(false);
  });
});

describe('priorities', () => {
  test.each<[string, number, number[], number[], number]>([
    ['nothing requested', 0, [], [], -1],
    ['the highest first', 0, [0x41, 0x91, 0x52], [], 0x91],
    ['a task priority of the class holds it back', 0x40, [0x4f], [], -1],
    ['a task priority of the class below does not', 0x3f, [0x40], [], 0x40],
    ['the low half of the task priority does not count', 0x4f, [0x50], [], 0x50],
    ['the class in service holds its own back', 0, [0x4f], [0x40], -1],
    ['and lets a higher one nest', 0, [0x50], [0x4f], 0x50],
    ['the highest in service counts', 0, [0x61], [0x31, 0x62], -1],
    ['the higher of both barriers counts', 0x60, [0x61], [0x31], -1],
  ])('%s', (_name, tpr, requested, serving, next) => {
    const apic = fresh(tpr);
    for (const vector of serving) {
      accept(apic, ask({ vector }));
      beginService(apic, vector);
    }
    for (const vector of requested) accept(apic, ask({ vector }));
    expect(deliverable(apic)).toBe(next);
  });

  test('with interrupts off, and offline, nothing is taken', () => {
    const apic = fresh();
    accept(apic, ask());
    expect(deliverable({ ...apic, interrupts: 0 })).toBe(-1);
    expect(deliverable({ ...apic, online: 0 })).toBe(-1);
  });

  test('an end of interrupt ends the highest in service', () => {
    const apic = fresh();
    expect(endOfInterrupt(apic)).toBe(-1);
    for (const vector of [0x41, 0x61, 0x51]) {
      accept(apic, ask({ vector }));
      beginService(apic, vector);
    }
    expect([endOfInterrupt(apic), endOfInterrupt(apic), endOfInterrupt(apic)]).toEqual([
      0x61, 0x51, 0x41,
    ]);
  });

  test('every vector accepted is taken once, in an order no priority contradicts', () => {
    const vectors = fc.uniqueArray(fc.integer({ min: 0x10, max: 0xff }), { maxLength: 20 });
    fc.assert(
      fc.property(vectors, wanted => {
        const apic = fresh();
        for (const vector of wanted) accept(apic, ask({ vector }));
        const taken: number[] = [];
        for (let v = deliverable(apic); v >= 0; v = deliverable(apic)) {
          beginService(apic, v);
          taken.push(v);
          expect(endOfInterrupt(apic)).toBe(v);
        }
        expect(taken).toEqual(wanted.toSorted((a, b) => b - a));
      }),
    );
  });
});
