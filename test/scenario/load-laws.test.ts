import { basename } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isPair, isScalar, parseDocument, type Scalar, visit } from 'yaml';
import { FILES, load } from './files.ts';

const WORDS = ['{', '}', '[', ']', ':', '- ', '0', 'true', 'null', '""', 'nic0', 'g1', 'p0', '-1'];
const MORE = ['~', '{}', '[]', '$how', '"a', '\t', '  ', '&a', '*a', '0x1ffffffff', 'q1.0', '1e9'];

interface Edit {
  readonly at: number;
  readonly how: 'cut' | 'put' | 'drop-line' | 'double-line' | 'swap-word';
  readonly length: number;
  readonly word: string;
}

const edit: fc.Arbitrary<Edit> = fc.record({
  at: fc.nat(10_000),
  how: fc.constantFrom('cut', 'put', 'drop-line', 'double-line', 'swap-word'),
  length: fc.nat(12),
  word: fc.constantFrom(...WORDS, ...MORE),
});

function edited(text: string, { at, how, length, word }: Edit): string {
  const offset = at % (text.length + 1);
  const lines = text.split('\n');
  const line = at % lines.length;
  switch (how) {
    case 'cut':
      return text.slice(0, offset) + text.slice(offset + length);
    case 'put':
      return text.slice(0, offset) + word + text.slice(offset);
    case 'drop-line':
      return lines.filter((_, i) => i !== line).join('\n');
    case 'double-line':
      return [...lines.slice(0, line + 1), ...lines.slice(line)].join('\n');
    case 'swap-word': {
      const words = [...text.matchAll(/[A-Za-z0-9_.-]+/g)];
      const found = words[at % Math.max(1, words.length)];
      if (!found) return text;
      return text.slice(0, found.index) + word + text.slice(found.index + found[0].length);
    }
  }
}

/** Machines that are busy with other things take their time. */
const TIMEOUT_MS = 60_000;

describe('loading a file that was damaged', { timeout: TIMEOUT_MS }, () => {
  it('never fails otherwise than with problems, each once, in order, at places that exist', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...FILES),
        fc.array(edit, { minLength: 1, maxLength: 4 }),
        (file, edits) => {
          const text = edits.reduce(edited, file.text);
          const { problems, scenarios } = load(file.name, text);
          if (problems.some(({ severity }) => severity === 'error')) expect(scenarios).toEqual([]);
          const lines = text.split('\n').map(line => line.length);
          const own = problems.filter(({ at }) => at.file === file.name).map(({ at }) => at);
          for (const { line, column, length } of own) {
            expect(line).toBeLessThanOrEqual(lines.length + 1);
            expect(column).toBeLessThanOrEqual((lines[line - 1] ?? 0) + 1);
            expect(length).toBeGreaterThan(0);
          }
          const order = own.map(({ line, column }) => line * 100_000 + column);
          expect(order).toEqual([...order].sort((a, b) => a - b));
          const keys = problems.map(({ at, code, message }) => JSON.stringify([at, code, message]));
          expect(new Set(keys).size).toBe(keys.length);
        },
      ),
      { numRuns: 120, seed: 1 },
    );
  });
});

/** Values of a file that can be replaced by something that fits nowhere. */
function values(text: string): Scalar[] {
  const found: Scalar[] = [];
  visit(parseDocument(text), {
    Scalar(key, node, path) {
      const free = path.some(
        part => isPair(part) && isScalar(part.key) && /^(is|x-.*)$/.test(String(part.key.value)),
      );
      const isBlock = node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED';
      if (key !== 'key' && !free && !isBlock) found.push(node);
    },
  });
  return found;
}

describe('one value that fits nowhere', { timeout: TIMEOUT_MS }, () => {
  const whole = FILES.filter(({ name, text }) => load(name, text).problems.length === 0);

  it('is told once and brings no other complaint with it', () => {
    expect(whole.length).toBeGreaterThan(0);
    fc.assert(
      fc.property(fc.constantFrom(...whole), fc.nat(10_000), ({ name, text }, n) => {
        const all = values(text);
        const [start, end] = all[n % all.length].range ?? [0, 0];
        const { problems } = load(name, `${text.slice(0, start)}[[]]${text.slice(end)}`);
        const errors = problems.filter(({ severity }) => severity === 'error');
        expect(errors.map(({ code, message }) => `${code} ${message}`)).toHaveLength(1);
        const before = text.slice(0, start).split('\n');
        expect(errors[0].at.line, basename(name)).toBe(before.length);
        const column = (before[before.length - 1] ?? '').length + 1;
        // Where a list is allowed, what is wrong is its first item.
        expect([column, column + 1]).toContain(errors[0].at.column);
      }),
      { numRuns: 120, seed: 1 },
    );
  });

  it.each([
    ['guests/hcall-03-host-composes.yaml', 'store: msix'],
    ['guests/trap-05-foreign-device.yaml', 'by: g1'],
    ['guests/trap-07-delegated-model.yaml', 'to: g2'],
    ['matrix/open-question.yaml', 'v0: p2'],
    ['teaching/grants-and-denials.yaml', 'cpus: 4'],
  ])('leaves what rests on it unjudged: %s, %s', (file, place) => {
    const text = whole.find(({ name }) => name === file)?.text ?? '';
    expect(text).toContain(place);
    const [key] = place.split(' ');
    const { problems } = load(file, text.replace(place, `${key} [[]]`));
    expect(problems.map(({ message }) => message)).toHaveLength(1);
  });
});
