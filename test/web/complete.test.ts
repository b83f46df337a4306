import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse, parseDocument, visit } from 'yaml';
import { editorSchema } from '../../src/scenario/editor-schema.ts';
import { loadScenario } from '../../src/scenario/load.ts';
import { explainedAt, offersAt } from '../../web/editor/complete.ts';
import type { SchemaNode } from '../../web/editor/schema-walk.ts';

const SCHEMA = editorSchema('draft-7') as SchemaNode;
const SCENARIOS = join(import.meta.dirname, '..', '..', 'scenarios');

const TEXT = `irqscope: 1
name: x
title: t
platform: { preset: x86-vtd, cpus: 2 }
guests:
  g1: { vcpus: { v0: p1 } }
devices:
  nic0: { bdf: "3b:00.0", store: msix, vectors: 2, owner: g1 }
steps:
  - allocate: { irq: nic0.1, cpu: v0 }
  - raise: nic0.1
    label: first
`;

/** What is offered where the bar stands, after TEXT. */
function offered(more: string): string[] {
  const text = TEXT + more;
  const position = text.indexOf('¦');
  const plain = text.replace('¦', '');
  const { scenarios } = loadScenario('x.yaml', TEXT, () => null);
  const machine = scenarios[0]?.machine ?? null;
  return offersAt(SCHEMA, plain, { position, machine }).offers.map(({ label }) => label);
}

describe('completion', () => {
  test('offers the sections that are not there yet', () => {
    const keys = offered('¦');
    expect(keys).toContain('expect');
    expect(keys).toContain('hypervisor');
    expect(keys).not.toContain('steps');
  });

  test('offers verbs, and their keys, in block and in flow', () => {
    expect(offered('  - ¦')).toEqual(expect.arrayContaining(['raise', 'attack', 'label']));
    expect(offered('  - all¦')).toEqual(['allocate', 'hypercall']);
    expect(offered('  - allocate: { ¦')).toEqual(expect.arrayContaining(['irq', 'cpu', 'vector']));
    expect(offered('  - allocate:\n      ¦')).toEqual(expect.arrayContaining(['irq', 'cpu']));
    expect(offered('  - allocate: { irq: nic0.0, ¦ }')).not.toContain('irq');
  });

  test('a word that was chosen narrows what fits beside it', () => {
    const keys = offered('  - raise: { device: nic0, message: { format: compat, ¦');
    expect(keys).toEqual(expect.arrayContaining(['dest', 'vector']));
    expect(keys).not.toContain('handle');
  });

  test('offers the words a value can be', () => {
    expect(offered('  - attack: { kind: ¦')).toEqual(
      expect.arrayContaining(['forge-store', 'storm']),
    );
    expect(offered('  - allocate: { irq: nic0.0, reserve: ¦')).toEqual(['true', 'false']);
  });

  test('offers devices, guests, interrupts, CPUs and labels by their names', () => {
    expect(offered('  - raise: ¦')).toEqual(expect.arrayContaining(['nic0.0', 'nic0.1']));
    expect(offered('  - raise: { device: ¦')).toContain('nic0');
    expect(offered('  - allocate: { irq: nic0.0, cpu: ¦')).toEqual(
      expect.arrayContaining(['p0', 'g1/v0']),
    );
    expect(offered('  - raise: nic0.0\n    by: ¦')).toEqual(expect.arrayContaining(['g1']));
    expect(offered('expect:\n  always:\n    - delivered: { step: ¦')).toEqual(['first']);
    expect(offered('expect:\n  never:\n    - violation: foreign-t¦')).toEqual([
      'isolation/foreign-target',
    ]);
    expect(offered('platform:\n  off: [source-id¦')).toEqual(
      expect.arrayContaining(['vtd/source-id']),
    );
  });

  test('a device that no run knows yet is offered all the same', () => {
    const text = TEXT.replace('steps:', '  disk0: { bdf: "3b:00.1", store: msi }\nsteps:');
    const position = text.length + '  - raise: '.length;
    const { offers } = offersAt(SCHEMA, `${text}  - raise: `, { position, machine: null });
    expect(offers.map(({ label }) => label)).toContain('disk0.0');
  });

  test('says what a key means', () => {
    const at = TEXT.indexOf('store: msix') + 2;
    expect(explainedAt(SCHEMA, TEXT, at)?.text).toContain('where its messages are kept');
    expect(explainedAt(SCHEMA, TEXT, TEXT.indexOf('allocate') + 1)?.text).not.toBe('');
  });
});

/** Every shipped scenario that is whole in itself. */
const FILES = readdirSync(SCENARIOS, { recursive: true, encoding: 'utf8' })
  .filter(path => path.endsWith('.yaml'))
  .map(path => [path, readFileSync(join(SCENARIOS, path), 'utf8')] as const)
  .filter(([, text]) => typeof parse(text) === 'object' && 'steps' in parse(text));

test.each(FILES)('%s: every key of it would have been offered', (_path, text) => {
  const missing: string[] = [];
  visit(parseDocument(text), {
    Pair(_key, pair, ancestors) {
      const key = pair.key as { value?: unknown; range?: [number, number, number] };
      const name = String(key.value);
      const start = key.range?.[0] ?? 0;
      const isOwn = ancestors.some(
        one =>
          'key' in one &&
          ['vary', 'exclude'].includes(String((one.key as { value?: unknown })?.value)),
      );
      if (isOwn || name.startsWith('x-')) return;
      // As if it was about to be written: what follows on its line is not there yet.
      const cut = text.slice(0, start);
      const { offers } = offersAt(SCHEMA, cut, { position: start, machine: null });
      const keys = offers.filter(({ kind }) => kind === 'key').map(({ label }) => label);
      const named = keys.length === 0;
      if (!named && !keys.includes(name)) missing.push(`${name} at ${start}: ${keys.slice(0, 8)}`);
    },
  });
  expect(missing).toEqual([]);
});
