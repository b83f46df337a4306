import { describe, expect, test } from 'vitest';
import { DESCRIPTOR } from '../../src/arch/posted.ts';
import { encode, get } from '../../src/bits/layout.ts';
import type { Word } from '../../src/bits/word.ts';
import type { CpuSpec } from '../../src/model/machine.ts';
import { descriptorReservedClear, encodeNdst, post, takePending } from '../../src/units/posted.ts';

const F = DESCRIPTOR.fields;
const PID = { nv: 0xf2, ndst: 5 };
const BITS = [0, 1];

const truth = BITS.flatMap(on =>
  BITS.flatMap(sn =>
    BITS.map(urgent => ({ on, sn, urgent, sends: on === 0 && (urgent === 1 || sn === 0) })),
  ),
);

describe('posting', () => {
  test.each(truth)(
    'ON=$on SN=$sn URG=$urgent: notification $sends',
    ({ on, sn, urgent, sends }) => {
      const words = encode(DESCRIPTOR, { ...PID, on, sn });
      expect(post(words, { vector: 0x41, urgent }, 'x2apic')).toEqual({
        notify: sends,
        vector: 0xf2,
        dest: 5,
      });
      expect(words).toEqual(encode(DESCRIPTOR, { ...PID, pir2: 2, sn, on: on || sends ? 1 : 0 }));
    },
  );

  test('posts gather until they are taken; then the next one notifies again', () => {
    const words = encode(DESCRIPTOR, PID);
    const notified = [0x00, 0x41, 0x41, 0xff].map(
      vector => post(words, { vector, urgent: 0 }, 'x2apic').notify,
    );
    expect(notified).toEqual([true, false, false, false]);
    expect(takePending(words)).toEqual([1, 0, 2, 0, 0, 0, 0, 0x80000000]);
    expect(words).toEqual(encode(DESCRIPTOR, PID));
    expect(post(words, { vector: 0x41, urgent: 0 }, 'x2apic').notify).toBe(true);
  });
});

const at = (mode: CpuSpec['mode'], apicId: number): CpuSpec => ({
  name: 'p',
  realm: 0,
  apicId,
  mode,
  runsOn: -1,
});

describe('notification destination', () => {
  test.each<[CpuSpec['mode'], number, Word]>([
    ['xapic', 0x12, 0x1200],
    ['x2apic', 0x12345678, 0x12345678],
  ])('%s: id %i is stored as %i', (mode, apicId, ndst) => {
    expect(encodeNdst(at(mode, apicId))).toBe(ndst);
    const words = encode(DESCRIPTOR, { nv: 0xf2, ndst });
    expect(get(words, F.ndst)).toBe(ndst);
    expect(post(words, { vector: 1, urgent: 0 }, mode).dest).toBe(apicId);
  });

  test('with ids of 8 bits all other bits of it are reserved', () => {
    for (let bit = 0; bit < 32; bit++) {
      const words = encode(DESCRIPTOR, { nv: 0xf2, ndst: 2 ** bit });
      const inId = bit >= 8 && bit < 16;
      expect(descriptorReservedClear(words, 'xapic'), `bit ${bit}`).toBe(inId);
      expect(descriptorReservedClear(words, 'x2apic'), `bit ${bit}`).toBe(true);
    }
  });
});
