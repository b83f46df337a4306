import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DTE } from '../../src/arch/amdvi.ts';
import { encode } from '../../src/bits/layout.ts';
import { tableRoot } from '../../src/units/amdvi.ts';
import {
  DEVICE,
  OTHER_RID,
  OTHER_ROOT,
  RID,
  ROOT,
  type Scene,
  scene,
  setDevice,
  translate,
} from './amdvi-scene.ts';

describe('who shares a table', () => {
  const two = (root: number): Scene => {
    const s = scene();
    s.state.deviceTable[OTHER_RID] = encode(DTE, { ...DEVICE, intTabRoot: root });
    s.state.tables[OTHER_ROOT] = {};
    s.wire = { ...s.wire, rid: OTHER_RID };
    return s;
  };

  test('the same root: the other requester reaches the entry', () => {
    const s = two(ROOT);
    expect(tableRoot(s.state, OTHER_RID)).toBe(tableRoot(s.state, RID));
    expect(translate(s)).toMatchObject({ kind: 'remapped', request: { vector: 0x22 } });
  });

  test('separate roots: it does not', () => {
    const s = two(OTHER_ROOT);
    expect(tableRoot(s.state, OTHER_RID)).not.toBe(tableRoot(s.state, RID));
    expect(translate(s)).toMatchObject({ fault: 'irte-remap-disabled' });
  });

  test('a requester that is not remapped has no table', () => {
    const s = two(ROOT);
    setDevice(s, 'intCtl', 1);
    expect(tableRoot(s.state, RID)).toBe(-1);
    expect(tableRoot(s.state, 0x7777)).toBe(-1);
  });
});

describe('isolation is structural', () => {
  const word = fc.integer({ min: 0, max: 0xffffffff });
  const requests = fc.record({
    addressLow: fc.integer({ min: 0xfee00000, max: 0xfeefffff }),
    addressHigh: fc.constantFrom(0, 0, 0, 1),
    data: fc.oneof(word, fc.integer({ min: 0, max: 0x1ff })),
  });
  const table = fc.dictionary(
    fc.integer({ min: 0, max: 0x1ff }).map(String),
    word.map(w => [w]),
  );
  const device = fc.array(word, { minLength: 8, maxLength: 8 });

  test('a request’s fate does not hang on the table and device entry of another requester', () => {
    fc.assert(
      fc.property(requests, table, device, device, (message, theirs, mine, other) => {
        const s = scene();
        s.wire = { ...message, rid: RID, pasid: -1 };
        s.state.deviceTable[RID] = encode(DTE, { ...DEVICE, ig: mine[0] % 2 });
        const alone = translate(s);
        s.state.tables[OTHER_ROOT] = theirs;
        s.state.deviceTable[OTHER_RID] = other;
        expect(translate(s)).toEqual(alone);
      }),
    );
  });

  test('what is remapped is what the requester’s own table says', () => {
    fc.assert(
      fc.property(requests, table, (message, mine) => {
        const s = scene();
        s.state.tables = { [ROOT]: mine };
        s.wire = { ...message, rid: RID, pasid: -1 };
        const outcome = translate(s);
        if (outcome.kind !== 'remapped') return;
        const [entry] = mine[String(message.data & 0x1ff)];
        expect(outcome.request).toMatchObject({
          vector: (entry >>> 16) & 0xff,
          dest: (entry >>> 8) & 0xff,
        });
        expect(entry & 1).toBe(1);
      }),
    );
  });
});
