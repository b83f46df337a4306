import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  alloc,
  allocated,
  allocManaged,
  assign,
  available,
  free,
  type Matrix,
  offline,
  online,
  removeManaged,
  removeReserved,
  reserve,
  reserveManaged,
} from '../../src/domains/matrix.ts';
import { bitsOf, booted, SMALL, UINT_MAX } from './matrix-support.ts';

const without = (all: readonly number[], ...taken: (readonly number[])[]): number[] =>
  all.filter(one => !taken.some(list => list.includes(one)));

const rangeOf = (matrix: Matrix): number[] =>
  Array.from({ length: matrix.allocEnd - matrix.allocStart }, (_, i) => matrix.allocStart + i);

const freeOn = (matrix: Matrix, cpu: number): number[] => {
  const { allocMap, managedMap } = matrix.cpus[cpu];
  const taken = [allocMap, managedMap, matrix.system].map(bitsOf);
  return without(rangeOf(matrix), ...taken);
};

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

interface Held {
  readonly cpu: number;
  readonly vector: number;
  readonly managed: boolean;
}
interface Action {
  readonly do: 'alloc' | 'allocManaged' | 'free' | 'reserveManaged' | 'removeManaged' | 'power';
  readonly cpus: readonly number[];
  readonly which: number;
}

const actions = (kinds: readonly Action['do'][]) =>
  fc.array(
    fc.record({
      do: fc.constantFrom(...kinds),
      cpus: fc.subarray([0, 1, 2]),
      which: fc.nat(200),
    }),
    { maxLength: 120 },
  );
const systemVectors = fc.uniqueArray(fc.nat(SMALL.matrixBits - 1), { maxLength: 40 });

/** What software that keeps its books does: frees what it holds, and says truly what that was. */
function act(matrix: Matrix, held: Held[], action: Action): void {
  if (action.do === 'alloc' || action.do === 'allocManaged') {
    const managed = action.do === 'allocManaged';
    const { cpus } = action;
    const got = managed ? allocManaged(matrix, cpus) : alloc(matrix, { cpus, reserved: false });
    if (got.ok) held.push({ cpu: got.cpu, vector: got.vector, managed });
  } else if (action.do === 'free') {
    const [place] = held.splice(action.which % Math.max(held.length, 1), 1);
    if (place !== undefined) expect(free(matrix, place)).toBe('done');
  } else if (action.do === 'reserveManaged') {
    reserveManaged(matrix, action.cpus);
  } else if (action.do === 'removeManaged') {
    removeManaged(matrix, action.cpus);
  } else {
    const cpu = action.which % matrix.cpus.length;
    if (matrix.cpus[cpu].status === 'online') offline(matrix, cpu);
    else online(matrix, cpu);
  }
}

const EVERYTHING: readonly Action['do'][] = [
  'alloc',
  'alloc',
  'allocManaged',
  'free',
  'reserveManaged',
  'removeManaged',
  'power',
];
const ALWAYS_ONLINE = EVERYTHING.filter(kind => kind !== 'power');

/** Runs `law` after every action of random histories. */
function holdsAlways(
  kinds: readonly Action['do'][],
  law: (matrix: Matrix, held: readonly Held[]) => void,
): void {
  fc.assert(
    fc.property(systemVectors, actions(kinds), (system, history) => {
      const matrix = booted(SMALL, system);
      const held: Held[] = [];
      for (const action of history) {
        act(matrix, held, action);
        law(matrix, held);
      }
    }),
  );
}

describe('laws: counters agree with bitmaps', () => {
  test('taken and managed vectors are counted, CPU by CPU', () => {
    holdsAlways(EVERYTHING, (matrix, held) => {
      for (const [cpu, map] of matrix.cpus.entries()) {
        const mine = held.filter(place => place.cpu === cpu);
        expect(bitsOf(map.allocMap)).toEqual(mine.map(p => p.vector).sort((a, b) => a - b));
        expect(map.allocated).toBe(mine.length);
        expect(map.managedAllocated).toBe(mine.filter(place => place.managed).length);
        expect(map.managed).toBe(bitsOf(map.managedMap).length);
        expect(allocated(matrix, cpu)).toBe(mine.filter(place => !place.managed).length);
      }
    });
  });

  test('global counters are sums over the online CPUs', () => {
    holdsAlways(EVERYTHING, matrix => {
      const up = matrix.cpus.filter(map => map.status === 'online');
      expect(matrix.onlineMaps).toBe(up.length);
      const total = sum(up.map(map => map.available));
      expect(matrix.available).toBe(((total % 2 ** 32) + 2 ** 32) % 2 ** 32);
    });
  });

  test('while no CPU goes offline, available counts the vectors that are free', () => {
    holdsAlways(ALWAYS_ONLINE, (matrix, held) => {
      for (const [cpu, map] of matrix.cpus.entries()) {
        expect(map.available).toBe(freeOn(matrix, cpu).length);
        expect(available(matrix, cpu)).toBe(matrix.available - map.available);
      }
      expect(matrix.allocated).toBe(held.length);
    });
  });

  test('the state is plain JSON of unsigned words, and a copy has the same future', () => {
    fc.assert(
      fc.property(systemVectors, actions(EVERYTHING), (system, history) => {
        const matrix = booted(SMALL, system);
        const held: Held[] = [];
        for (const action of history) act(matrix, held, action);
        const copy: Matrix = JSON.parse(JSON.stringify(matrix));
        expect(copy).toStrictEqual(matrix);
        const words = [matrix.system, ...matrix.cpus.flatMap(m => [m.allocMap, m.managedMap])];
        for (const word of words.flat()) expect(word >= 0 && word <= UINT_MAX).toBe(true);
        const copyHeld = [...held];
        for (const action of history) {
          act(matrix, held, action);
          act(copy, copyHeld, action);
        }
        expect(copy).toStrictEqual(matrix);
      }),
    );
  });
});

describe('laws: choice', () => {
  const prepared = (history: readonly Action[], system: readonly number[]): Matrix => {
    const matrix = booted(SMALL, system);
    const held: Held[] = [];
    for (const action of history) act(matrix, held, action);
    return matrix;
  };
  const masks = fc.subarray([0, 1, 2], { minLength: 1 });

  test('alloc: most available, first of equals; lowest vector nobody has', () => {
    fc.assert(
      fc.property(systemVectors, actions(ALWAYS_ONLINE), masks, (system, history, cpus) => {
        const matrix = prepared(history, system);
        const free = cpus.map(cpu => freeOn(matrix, cpu));
        const most = Math.max(...free.map(list => list.length));
        const first = free.findIndex(list => list.length === most);
        const expected =
          most === 0
            ? { ok: false, error: 'ENOSPC' }
            : { ok: true, cpu: cpus[first], vector: free[first][0] };
        expect(alloc(matrix, { cpus, reserved: false })).toEqual(expected);
      }),
    );
  });

  test('allocManaged: fewest managed in use, last of equals; lowest idle managed vector', () => {
    fc.assert(
      fc.property(systemVectors, actions(EVERYTHING), masks, (system, history, cpus) => {
        const matrix = prepared(history, system);
        const up = cpus.filter(cpu => matrix.cpus[cpu].status === 'online');
        const inUse = (cpu: number) => matrix.cpus[cpu].managedAllocated;
        const fewest = Math.min(...up.map(inUse));
        const chosen = up.findLast(cpu => inUse(cpu) === fewest);
        const map = chosen === undefined ? null : matrix.cpus[chosen];
        const idle = map === null ? [] : without(bitsOf(map.managedMap), bitsOf(map.allocMap));
        const expected =
          idle.length === 0
            ? { ok: false, error: 'ENOSPC' }
            : { ok: true, cpu: chosen, vector: idle[0] };
        expect(allocManaged(matrix, cpus)).toEqual(expected);
      }),
    );
  });

  test('reserveManaged: lowest free vector of each CPU, online or not', () => {
    fc.assert(
      fc.property(systemVectors, actions(EVERYTHING), masks, (system, history, cpus) => {
        const matrix = prepared(history, system);
        const before = matrix.cpus.map(map => bitsOf(map.managedMap));
        const lowest = cpus.map(cpu => freeOn(matrix, cpu)[0]);
        const outcome = reserveManaged(matrix, cpus);
        const added = cpus.map(cpu => without(bitsOf(matrix.cpus[cpu].managedMap), before[cpu]));
        if (lowest.every(vector => vector !== undefined)) {
          expect(outcome).toEqual({ ok: true });
          expect(added).toEqual(lowest.map(vector => [vector]));
          return;
        }
        expect(outcome).toEqual({ ok: false, error: 'ENOSPC' });
        const counts = matrix.cpus.map(map => map.managed);
        expect(counts).toEqual(before.map(bits => bits.length));
      }),
    );
  });
});

describe('laws: round trips leave no trace', () => {
  const image = (matrix: Matrix): string => JSON.stringify(matrix);
  const after = (system: readonly number[], history: readonly Action[]): Matrix => {
    const matrix = booted(SMALL, system);
    const held: Held[] = [];
    for (const action of history) act(matrix, held, action);
    return matrix;
  };
  const masks = fc.subarray([0, 1, 2]);

  test.each<[string, (matrix: Matrix, cpus: readonly number[]) => void]>([
    [
      'alloc, free',
      (matrix, cpus) => {
        const got = alloc(matrix, { cpus, reserved: false });
        if (got.ok) free(matrix, { ...got, managed: false });
      },
    ],
    [
      'reserve, alloc of the reserved one, free',
      (matrix, cpus) => {
        reserve(matrix);
        const got = alloc(matrix, { cpus, reserved: true });
        if (got.ok) free(matrix, { ...got, managed: false });
        else removeReserved(matrix);
      },
    ],
    [
      'allocManaged, free',
      (matrix, cpus) => {
        const got = allocManaged(matrix, cpus);
        if (got.ok) free(matrix, { ...got, managed: true });
      },
    ],
    [
      'assign of a free vector, free',
      (matrix, cpus) => {
        const place = { cpu: cpus[0] ?? 0, vector: SMALL.allocStart };
        if (matrix.cpus[place.cpu].status !== 'online') return;
        if (assign(matrix, place) === 'done') free(matrix, { ...place, managed: false });
      },
    ],
    [
      'offline, online',
      (matrix, cpus) => {
        const up = cpus.filter(cpu => matrix.cpus[cpu].status === 'online');
        for (const cpu of up) offline(matrix, cpu);
        for (const cpu of up) online(matrix, cpu);
      },
    ],
  ])('%s', (_name, trip) => {
    fc.assert(
      fc.property(systemVectors, actions(EVERYTHING), masks, (system, history, cpus) => {
        const matrix = after(system, history);
        const before = image(matrix);
        trip(matrix, cpus);
        expect(image(matrix)).toBe(before);
      }),
    );
  });
});
