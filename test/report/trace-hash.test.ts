import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalJson, hashText } from '../../src/report/trace-hash.ts';

/** The same by the library: keys sorted before it writes. */
const sorted = (value: unknown): string =>
  JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );

test('canonical JSON is JSON with sorted keys', () => {
  const values = [fc.boolean(), fc.integer(), fc.double(), fc.string(), fc.constant(null)];
  const key = fc.stringMatching(/^[a-z][a-zA-Z0-9]*$/);
  fc.assert(
    fc.property(fc.object({ key, values }), value => {
      expect(canonicalJson(value)).toBe(sorted(value));
    }),
    { numRuns: 2000 },
  );
  expect(canonicalJson({ b: undefined, a: [1, { d: -1, c: 'é"\n' }] })).toBe(
    '{"a":[1,{"c":"é\\"\\n","d":-1}]}',
  );
});

test('the hash is SHA-256 of UTF-8', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), text => {
      expect(hashText(text)).toBe(createHash('sha256').update(text, 'utf8').digest('hex'));
    }),
  );
});
