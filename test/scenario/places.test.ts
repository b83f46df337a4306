import { describe, expect, it } from 'vitest';
import { createChoices } from '../../src/engine/choice.ts';
import { runOnce } from '../../src/runner/run-view.ts';
import { readPlace } from '../../src/runner/state-path.ts';
import { findPlace, placesOf } from '../../src/scenario/places.ts';
import { load } from './files.ts';

const scenario = (ir: string): string => `irqscope: 1
name: places
title: every place
platform: { ir: ${ir} }
guests: { g1: { vcpus: { v0: p1 } } }
devices:
  msi: { bdf: "00:01.0", store: msi }
  msix: { bdf: "00:02.0", store: msix, vectors: 2 }
  slots: { bdf: "00:03.0", store: ims-device, vectors: 2 }
  queue: { bdf: "00:04.0", store: ims-queue }
`;

const UNITS = ['none', '{ kind: vtd, entries: 4 }', '{ kind: amdvi, entries: 4 }'];

describe.each([...UNITS, '{ kind: amdvi, entries: 4, entryBits: 32 }'])('remap unit %s', ir => {
  const [{ machine, program }] = load('places.yaml', scenario(ir)).scenarios;
  const { state } = runOnce(machine, program, { seed: 0, ...createChoices() });
  const places = placesOf(machine);
  const names = Object.entries(places).flatMap(([owner, parts]) =>
    Object.entries(parts).map(([part, spec]) => ({ name: `${owner}.${part}`, spec })),
  );

  it('has no place that can’t be read, and no field that is not there', () => {
    for (const { name, spec } of names) {
      const value = readPlace(machine, state, spec.entries > 0 ? `${name}[0]` : name);
      if (name.startsWith('g1') && value === null) continue;
      expect(value, name).not.toBeNull();
      if (typeof value !== 'object' || value === null || Array.isArray(value)) {
        expect(spec.fields, name).toBeNull();
        continue;
      }
      for (const field of Object.keys(value)) expect(spec.fields, name).toContain(field);
    }
  });

  it('finds each by its name, and nothing beyond', () => {
    for (const { name, spec } of names) {
      expect(findPlace(places, name)).toBe(spec);
      if (spec.entries === 0) continue;
      expect(findPlace(places, `${name}[${spec.entries - 1}]`)).toBe(spec);
      expect(findPlace(places, `${name}[${spec.entries}]`)).toHaveProperty('message');
    }
  });
});

it.each(['', 'ir', 'ir.', '.irte', 'ir.irte[', 'ir.irte[x]', 'nic9.msi', 'ir.irte[0].none'])(
  'refuses %j',
  text => {
    const [{ machine }] = load('places.yaml', scenario('vtd')).scenarios;
    expect(findPlace(placesOf(machine), text)).toHaveProperty('message');
  },
);
