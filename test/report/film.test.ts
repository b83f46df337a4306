import { describe, expect, test } from 'vitest';
import { type Film, filmOf } from '../../src/report/film.ts';
import { type Spot, spotKey } from '../../src/report/spots.ts';
import {
  HCALL,
  LEAK,
  LOST,
  NOTHING,
  type Scene,
  scenesOf,
  TRAP,
  teachingScenes,
} from './scenes.ts';

const filmed = ({ scenario, view }: Scene): Film =>
  filmOf(scenario.machine, view.trace, view.findings);
const filmOfText = (text: string): Film => filmed(scenesOf(text)[0]);

/** Fates of a text's messages in order. */
const fates = (text: string): string[] => filmOfText(text).journeys.map(({ fate }) => fate);

/** Parts a journey or draft came through, repeats left out. */
const route = (marks: readonly { readonly spot: Spot }[]): string[] =>
  marks.map(({ spot }) => spotKey(spot)).filter((key, i, all) => key !== all[i - 1]);

describe('what becomes of messages', () => {
  test('a guest interrupt goes from its device over unit and host CPU to the virtual CPU', () => {
    const [journey] = filmOfText(TRAP).journeys;
    expect(journey.fate).toBe('delivered');
    expect(route(journey.marks)).toEqual(['device/nic0', 'unit/', 'cpu/p1', 'cpu/g1/v0']);
  });

  test('a foreign handle is blocked by the source check, and reaches the neighbour without it', () => {
    expect(fates(HCALL)).toEqual(['delivered', 'blocked']);
    expect(fates(LEAK)).toEqual(['delivered', 'misdelivered']);
  });

  test('raised before it was ever enabled is nothing; masked to the end is held', () => {
    expect(fates(NOTHING)).toEqual(['nothing', 'held']);
  });

  test('raised while it is off, having been on before, is lost', () => {
    expect(fates(LOST)).toEqual(['lost', 'held']);
  });

  test('the shipped scenarios: one verdict for every message, decided by a record of its own', () => {
    for (const [, scenes] of teachingScenes())
      for (const scene of scenes) {
        const film = filmed(scene);
        for (const [index, journey] of film.journeys.entries()) {
          expect(film.journeyOf[journey.fateSeq]).toBe(index);
          expect(journey.marks.some(({ seq }) => seq === journey.fateSeq)).toBe(true);
        }
        const sent = scene.view.trace.filter(({ act }) => act === 'emit').map(({ seq }) => seq);
        expect(film.journeys.flatMap(j => (j.emitSeq < 0 ? [] : [j.emitSeq]))).toEqual(sent);
      }
  });
});

describe('messages in the making', () => {
  test('trapped: the guest’s ends at the hypervisor, the host’s in the device', () => {
    const { drafts } = filmOfText(TRAP);
    expect(drafts.map(({ realm, irq }) => `${realm} ${irq}`)).toEqual(['g1 nic0.1', 'host nic0.1']);
    expect(route(drafts[0].stages)).toEqual([
      'domain/g1/vector',
      'domain/g1/nic0:pci-msix',
      'hypervisor/',
    ]);
    expect(route(drafts[1].stages)).toEqual([
      'domain/remap',
      'domain/vector',
      'domain/remap',
      'domain/nic0:pci-msix',
      'device/nic0',
    ]);
  });

  test('hypercall: the guest asks, the host composes, the guest stores', () => {
    const [guest, host] = filmOfText(HCALL).drafts;
    expect(route(guest.stages)).toEqual([
      'domain/g1/vector',
      'hypervisor/',
      'domain/g1/hcall',
      'domain/g1/q1:ims',
      'device/q1',
    ]);
    expect(route(host.stages)).toEqual(['domain/remap', 'domain/vector', 'domain/remap']);
  });

  test('a forged message is raw and goes straight into its slot', () => {
    const raw = filmOfText(HCALL).drafts.filter(draft => draft.raw);
    expect(raw).toHaveLength(1);
    expect(route(raw[0].stages)).toEqual(['device/q1']);
  });

  test('nothing is in the making of an interrupt that has been sent', () => {
    for (const [, scenes] of teachingScenes())
      for (const scene of scenes)
        for (const draft of filmed(scene).drafts) {
          const sent = scene.view.trace.find(
            one => one.act === 'emit' && one.irq === draft.irq && one.seq > draft.id,
          );
          if (sent) expect(draft.endSeq).toBeGreaterThanOrEqual(draft.id);
          if (sent) expect(draft.endSeq).toBeLessThanOrEqual(sent.seq);
        }
  });
});

test('every record has the step it goes back to', () => {
  const [{ view }] = scenesOf(TRAP);
  const { stepOf } = filmOfText(TRAP);
  for (const record of view.trace)
    if (record.act === 'step') expect(stepOf[record.seq]).toBe(record.step);
    else if (record.causes.length === 0) expect(stepOf[record.seq]).toBe(-1);
    else expect(stepOf[record.seq]).toBe(stepOf[record.causes[0]]);
});
