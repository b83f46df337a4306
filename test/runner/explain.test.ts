import { describe, expect, test } from 'vitest';
import { get } from '../../src/bits/layout.ts';
import { filmOf } from '../../src/report/film.ts';
import { bitsAt, messageIn } from '../../src/runner/bits-view.ts';
import { flipPlace } from '../../src/runner/flip.ts';
import { whyNotOf, whyOf } from '../../src/runner/why.ts';
import { HCALL, LEAK, LOST, type Scene, scenesOf, TRAP, teachingScenes } from '../report/scenes.ts';

/** A pin of an IO-APIC on bare metal. */
const IOAPIC = `
irqscope: 1
name: pin
title: an edge on a pin
platform: { preset: x86-bare, cpus: 2 }
devices:
  ioapic: { bdf: "00:1f.0", store: ioapic, vectors: 4 }
steps:
  - allocate: { irq: ioapic.2, cpu: p1 }
  - store: ioapic.2
  - raise: ioapic.2
`;

const ALL: Scene[] = [
  ...teachingScenes().flatMap(([, scenes]) => scenes),
  ...[TRAP, HCALL, LEAK, LOST, IOAPIC].flatMap(text => scenesOf(text)),
];

const firstOf = (scene: Scene, act: string): number =>
  scene.view.trace.find(record => record.act === act)?.seq ?? -1;

describe('why', () => {
  test('every verdict goes back to a step of the script, and every reference to a record', () => {
    for (const { scenario, view } of ALL) {
      const film = filmOf(scenario.machine, view.trace, view.findings);
      for (const journey of film.journeys) {
        const links = whyOf(scenario.machine, view.trace, journey.fateSeq);
        expect(view.trace[links.at(-1)?.seq ?? -1]?.act).toBe('step');
        for (const link of links)
          for (const input of link.checks.flatMap(check => check.inputs))
            expect(input.writer).toBeLessThan(link.seq);
      }
    }
  });

  test('a blocked message: the check that failed, and who wrote what it compared', () => {
    const [{ scenario, view }] = scenesOf(HCALL);
    const links = whyOf(scenario.machine, view.trace, firstOf({ scenario, view }, 'fault'));
    const failed = links.flatMap(link => link.checks).filter(check => check.outcome === 'failed');
    expect(failed.map(check => check.rule)).toEqual(['vtd/source-id']);
    const sid = failed[0].inputs.find(input => input.text.includes('sid'));
    const writer = view.trace[sid?.writer ?? -1];
    expect(writer.act === 'write' && writer.unit === 'table' && writer.at).toBe(1);
  });

  test('a lost interrupt: what became of the raise, and no step that came later', () => {
    const [{ scenario, view }] = scenesOf(LOST);
    const raise = firstOf({ scenario, view }, 'raise');
    const texts = whyNotOf(scenario.machine, view.trace, raise).map(({ text }) => text);
    expect(texts[0]).toContain('disabled');
    expect(texts.at(-1)).toContain('step 4: raise');
  });
});

describe('bits', () => {
  test('the fields give back the words', () => {
    for (const { scenario, view } of ALL)
      for (const { seq } of view.trace) {
        const bits = bitsAt(scenario.machine, view.trace, seq);
        if (!bits?.decoding.entry) continue;
        const { layout, words } = bits.decoding.entry;
        for (const { name, value } of bits.decoding.document.fields)
          expect(get(words, layout.fields[name])).toBe(value);
        expect(bits.origins).toHaveLength(bits.decoding.document.fields.length);
      }
  });

  test('every origin is an earlier record, or the record itself, that has the value', () => {
    for (const { scenario, view } of ALL)
      for (const { seq } of view.trace) {
        const bits = bitsAt(scenario.machine, view.trace, seq);
        for (const [i, field] of (bits?.decoding.document.fields ?? []).entries())
          for (const origin of bits?.origins[i] ?? []) {
            expect(origin.seq).toBeLessThanOrEqual(seq);
            const record = view.trace[origin.seq];
            if (origin.share === 'allocated' && record.act === 'alloc')
              if (field.name === 'vector') expect(record.vector).toBe(field.value);
            if (origin.share === 'forged') expect(record.act).toBe('forge');
            if (origin.share === 'composed') expect(messageIn(record)).not.toBeNull();
          }
      }
  });

  test('the handle of a remappable message comes from the remap layer, the vector from the vector layer', () => {
    const [{ scenario, view }] = scenesOf(TRAP);
    const shares = (act: string, name: string): string[] => {
      const seq = view.trace.findLast(one => one.act === act)?.seq ?? -1;
      const bits = bitsAt(scenario.machine, view.trace, seq);
      const at = bits?.decoding.document.fields.findIndex(field => field.name === name) ?? -1;
      return (bits?.origins[at] ?? []).map(origin => {
        const record = view.trace[origin.seq];
        return 'domain' in record ? `${origin.share} ${record.domain}` : origin.share;
      });
    };
    expect(shares('emit', 'handle')).toEqual(['allocated remap', 'composed remap', 'written']);
    expect(shares('emit', 'shv')).toEqual(['composed remap', 'written']);
  });

  test('a forged message is nobody’s composition', () => {
    const [{ scenario, view }] = scenesOf(HCALL);
    const seq = view.trace.findLast(one => one.act === 'emit')?.seq ?? -1;
    const bits = bitsAt(scenario.machine, view.trace, seq);
    const at = bits?.decoding.document.fields.findIndex(field => field.name === 'handle') ?? -1;
    expect(bits?.origins[at].map(({ share }) => share)).toEqual(['forged', 'written']);
  });

  test('a table entry: vector from the vector layer, the rest from whoever wrote the half', () => {
    const [{ scenario, view }] = scenesOf(TRAP);
    const write = view.trace.findLast(
      one => one.act === 'write' && one.unit === 'table' && one.after[0] !== 0,
    );
    const bits = bitsAt(scenario.machine, view.trace, write?.seq ?? -1);
    expect(bits?.subject).toBe('entry');
    const of = (name: string) =>
      bits?.origins[bits.decoding.document.fields.findIndex(field => field.name === name)].map(
        ({ share }) => share,
      );
    expect(of('vector')).toEqual(['allocated', 'written']);
    expect(of('sid')).toEqual(['written']);
  });

  test('what an IO-APIC keeps is read as a pin, not as a message', () => {
    const [{ scenario, view }] = scenesOf(IOAPIC);
    const writes = view.trace.filter(one => one.act === 'write' && one.unit === 'store');
    expect(writes.length).toBeGreaterThan(0);
    const last = bitsAt(scenario.machine, view.trace, writes.at(-1)?.seq ?? -1);
    expect(last?.subject).toBe('pin');
    expect(last?.decoding.document.problems).toEqual([]);
    // What the pin then sends is the message of its emission.
    const emit = firstOf({ scenario, view }, 'emit');
    const sent = bitsAt(scenario.machine, view.trace, emit)?.decoding.document.derived;
    expect(last?.decoding.document.derived.vector).toBe(sent?.vector);
    expect(last?.decoding.document.summary).toContain(
      `vector 0x${Number(sent?.vector).toString(16)}`,
    );
    // Bits of a pin are no words of a message; they can’t be turned over.
    const { machine, program } = scenario;
    expect(flipPlace(machine, program, view.trace, writes[0].seq)).toBe(-1);
  });
});
