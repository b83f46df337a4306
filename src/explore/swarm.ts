import type { ScenarioDocument } from '../scenario/write-scenario.ts';
import { loadText } from './draft.ts';

/** A setting that must not matter to what holds: what is cached, how wide ids are, whose kernel it is. */
interface Setting {
  readonly name: string;
  readonly change: (document: ScenarioDocument) => ScenarioDocument;
}

type Section = Readonly<Record<string, unknown>>;

const sectionOf = (document: ScenarioDocument, key: string): Section =>
  (document[key] as Section | undefined) ?? {};

const inPlatform =
  (change: Section) =>
  (document: ScenarioDocument): ScenarioDocument => ({
    ...document,
    platform: { ...sectionOf(document, 'platform'), ...change },
  });

const inUnit =
  (ir: Section) =>
  (document: ScenarioDocument): ScenarioDocument => {
    const platform = sectionOf(document, 'platform');
    const unit = platform.ir;
    const whole = typeof unit === 'string' ? { kind: unit } : (unit as Section | undefined);
    return whole ? { ...document, platform: { ...platform, ir: { ...whole, ...ir } } } : document;
  };

const SETTINGS: readonly Setting[] = [
  { name: 'cache: either', change: inUnit({ cache: 'either' }) },
  { name: 'cache: always', change: inUnit({ cache: 'always' }) },
  { name: 'faultRecords: 1', change: inUnit({ faultRecords: 1 }) },
  { name: 'entryBits: 32', change: inUnit({ entryBits: 32 }) },
  { name: 'eime: true', change: inUnit({ eime: true }) },
  { name: 'kernel: linux-6.6', change: inPlatform({ kernel: 'linux-6.6' }) },
  { name: 'kernel: linux-6.10', change: inPlatform({ kernel: 'linux-6.10' }) },
  { name: 'destination: logical', change: inPlatform({ destination: 'logical' }) },
  { name: 'extendedIds: true', change: inPlatform({ extendedIds: true }) },
];

/**
 * A configuration drawn beside the file's own: each setting that the document allows is taken with
 * an even chance, one after another.
 */
export function drawConfiguration(
  document: ScenarioDocument,
  draw: (n: number) => number,
): { readonly document: ScenarioDocument; readonly settings: readonly string[] } {
  let drawn = document;
  const settings: string[] = [];
  for (const { name, change } of SETTINGS) {
    if (draw(2) === 0) continue;
    const changed = change(drawn);
    if (changed === drawn || !loadText(JSON.stringify({ ...changed, expect: {} }))) continue;
    drawn = changed;
    settings.push(name);
  }
  return { document: drawn, settings };
}
