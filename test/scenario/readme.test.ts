import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { RULE_ORDER } from '../../src/model/rules.ts';
import { runScenario } from '../../src/runner/run-scenario.ts';
import { formatScenario } from '../../src/scenario/format.ts';
import { loadScenario } from '../../src/scenario/load.ts';
import { findPlace, placesOf } from '../../src/scenario/places.ts';
import { merge } from '../../src/scenario/resolve.ts';
import { resolvedText } from '../../src/scenario/resolved-text.ts';
import { scenarioSchema } from '../../src/scenario/schema.ts';
import { ASSERTION_NAMES } from '../../src/scenario/schema-expect.ts';
import { VERB_NAMES } from '../../src/scenario/schema-steps.ts';
import { parseSource } from '../../src/scenario/source-tree.ts';
import { howToUpdate, markersIn, readMarked, updated } from './marked.ts';
import { allKeyNames, keyNames } from './reference.ts';

const ROOT = join(import.meta.dirname, '..', '..', 'scenarios');
/** The reference of the language, and that of its section for lessons. */
const FILES = [join(ROOT, 'README.md'), join(ROOT, 'lessons', 'README.md')];
const TEXT = FILES.map(readMarked).join('\n');
const markers = markersIn(TEXT);

describe('the tables of the reference', () => {
  it('say what the schema says', () => {
    expect(updated(TEXT) === TEXT, howToUpdate('test/scenario/readme.test.ts')).toBe(true);
  });

  it('are about every key there is', () => {
    const shown = markers
      .filter(marker => marker.startsWith('keys '))
      .flatMap(marker => keyNames(marker.slice('keys '.length)))
      .map(names => names.join());
    const missing = allKeyNames()
      .map(names => names.join())
      .filter(names => !shown.includes(names));
    expect([...new Set(missing)]).toEqual([]);
  });

  it('name every section, verb, assertion and rule', () => {
    const names = [
      ...Object.keys(scenarioSchema.shape),
      ...VERB_NAMES,
      ...ASSERTION_NAMES,
      ...RULE_ORDER,
    ];
    for (const name of names) expect(TEXT, name).toContain(`| \`${name}\``);
  });
});

/** Machines that together have every place there is. */
const machines = ['vtd', 'amdvi'].flatMap(ir =>
  ['msi', 'msix', 'ims-device', 'ioapic', 'hpet'].map(store => {
    const text = JSON.stringify({
      irqscope: 1,
      name: 'places',
      title: 'has places',
      platform: { ir },
      guests: { g1: { vcpus: { v0: 'p1' } } },
      devices: { nic0: { bdf: '00:03.0', store } },
    });
    return loadScenario('places.yaml', text, () => null).scenarios[0].machine;
  }),
);

describe('the places of the reference', () => {
  const section = TEXT.slice(TEXT.indexOf('Places are:'), TEXT.indexOf('A place may go on'));
  const named = [...section.matchAll(/`([^`]+)`/g)].map(([, place]) => place.replace('[n]', '[0]'));

  it('exist', () => {
    expect(named.length).toBeGreaterThan(25);
    const missing = named.filter(place =>
      machines.every(machine => 'message' in findPlace(placesOf(machine), place)),
    );
    expect(missing).toEqual([]);
  });

  it('are all there are', () => {
    const parts = new Set(named.map(place => place.replace(/\[0\]$/, '').replace('g1/v0', 'p0')));
    const all = machines.flatMap(machine =>
      Object.entries(placesOf(machine)).flatMap(([owner, places]) =>
        ['ir', 'nic0', 'p0', 'host', 'g1/v0'].includes(owner)
          ? Object.keys(places).map(part => `${owner.replace('g1/v0', 'p0')}.${part}`)
          : [],
      ),
    );
    const full = ['nic0.ims-device'];
    expect([...new Set(all)].filter(place => !parts.has(place) && !full.includes(place))).toEqual(
      [],
    );
  });
});

/** What parts of scenarios in the text are completed with. */
const STUB = `irqscope: 1
name: stub
title: completes the parts shown in the reference
platform: { preset: x86-vtd, cpus: 4 }
guests:
  g1: { vcpus: { v0: p1, v1: p2 } }
  g2: { vcpus: { v0: p3 } }
devices:
  nic0: { bdf: "00:03.0", store: msix, vectors: 4 }
  q1: { bdf: "3b:00.1", store: ims-queue, owner: g1 }
  q2: { bdf: "3b:00.2", store: ims-queue, owner: g2 }
`;

const fences = [...TEXT.matchAll(/^```yaml( part)?\n([\s\S]*?)^```$/gm)].map(
  ([, part, text], i) => ({
    text,
    isPart: part !== undefined,
    title: `${i}: ${text.split('\n')[0]}`,
  }),
);

describe('the scenarios of the reference', () => {
  it('are there', () => {
    expect(fences.filter(({ isPart }) => !isPart).length).toBeGreaterThan(2);
    expect(fences.filter(({ isPart }) => isPart).length).toBeGreaterThan(10);
  });

  it.each(fences.filter(({ isPart }) => !isPart))('whole, $title', ({ text }) => {
    const { scenarios, problems } = loadScenario('fence.yaml', text, () => null);
    expect(problems).toEqual([]);
    expect(formatScenario(text)).toBe(text);
    for (const scenario of scenarios)
      expect(runScenario(scenario).asserts.filter(({ pass }) => !pass)).toEqual([]);
  });

  it.each(fences.filter(({ isPart }) => isPart))('part, $title', ({ text }) => {
    const part = parseSource('fence.yaml', text);
    const stub = parseSource('stub.yaml', STUB);
    expect([...part.problems, ...stub.problems]).toEqual([]);
    if (!part.tree || !stub.tree) throw new Error('nothing is there');
    const document = resolvedText(merge(stub.tree, part.tree));
    const { problems } = loadScenario('fence.yaml', document, () => null);
    expect(problems.map(({ message }) => message)).toEqual([]);
    expect(formatScenario(text)).toBe(text);
  });
});
