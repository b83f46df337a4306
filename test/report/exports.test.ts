import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type ChromeEvent, chromeTrace } from '../../src/report/chrome-trace.ts';
import { filmOf } from '../../src/report/film.ts';
import { mermaidText, type Told } from '../../src/report/mermaid.ts';
import { runMarkdown } from '../../src/report/run-markdown.ts';
import { chooseRun } from '../../src/runner/choose-run.ts';
import { loadScenario } from '../../src/scenario/load.ts';

const ROOT = join(import.meta.dirname, '..', '..', 'scenarios');
const FOLDERS = ['teaching', 'guests', 'regressions'];

/** One run of every variant of every shipped scenario that stands on its own. */
const RUNS: [string, Told][] = FOLDERS.flatMap(folder =>
  readdirSync(join(ROOT, folder)).map(name => `${folder}/${name}`),
)
  .filter(path => path.endsWith('.yaml'))
  .flatMap(path => {
    const { scenarios } = loadScenario(path, readFileSync(join(ROOT, path), 'utf8'), () => null);
    return scenarios.map((scenario): [string, Told] => {
      const { machine, program, title, cell } = scenario;
      const { view } = chooseRun(scenario);
      const film = filmOf(machine, view.trace, view.findings);
      const told = { title, machine, trace: view.trace, film, steps: program.steps };
      return [`${path} ${JSON.stringify(cell)}`, told];
    });
  });

const overlap = (a: ChromeEvent, b: ChromeEvent): boolean =>
  a.tid === b.tid && a.ts < b.ts + (b.dur ?? 0) - 1e-9 && b.ts < a.ts + (a.dur ?? 0) - 1e-9;

describe.each(RUNS)('%s', (_name, told) => {
  test('as a timeline: messages begin and end, arrows lead from slice to slice, no slice covers another', () => {
    const { traceEvents } = chromeTrace(told);
    const of = (ph: ChromeEvent['ph']) => traceEvents.filter(event => event.ph === ph);
    const slices = of('X');
    expect(slices).toHaveLength(told.trace.length);
    const sorted = [...slices].sort((a, b) => a.tid - b.tid || a.ts - b.ts);
    for (const [i, slice] of sorted.entries())
      if (i > 0)
        expect(overlap(sorted[i - 1], slice), `${sorted[i - 1].ts} ${slice.ts}`).toBe(false);
    const ids = told.film.journeys.map(({ id }) => id);
    expect(of('b').map(({ id }) => id)).toEqual(ids);
    expect(of('e').map(({ id }) => id)).toEqual(ids);
    for (const end of of('e'))
      expect(of('b').find(({ id }) => id === end.id)?.ts).toBeLessThan(end.ts);
    const flows = traceEvents.filter(({ ph }) => ph === 's' || ph === 't' || ph === 'f');
    for (const { tid, ts } of flows)
      expect(slices.some(one => one.tid === tid && one.ts === ts)).toBe(true);
    expect(of('s').map(({ id }) => id)).toEqual(of('f').map(({ id }) => id));
    const threads = new Set(of('M').map(({ tid }) => tid));
    for (const { tid } of traceEvents) expect(threads.has(tid)).toBe(true);
    expect(of('i')).toHaveLength(told.film.violations.length);
    expect(JSON.parse(JSON.stringify(traceEvents))).toEqual(traceEvents);
  });

  test('as a sequence for Mermaid: every line is one the language has, every lane is declared', () => {
    const [open, title, close, kind, ...lines] = mermaidText(told).trimEnd().split('\n');
    expect([open, close, kind]).toEqual(['---', '---', 'sequenceDiagram']);
    expect(JSON.parse(title.replace('title: ', ''))).toBe(told.title);
    const declared = new Set<string>();
    for (const line of lines) {
      const lane = /^ {2}participant (p\d+) as \S.*$/.exec(line);
      if (lane) declared.add(lane[1]);
      const move =
        /^ {2}(?:(p\d+)->>(p\d+)|Note over (p\d+)(?:,(p\d+))?|Note right of (p\d+)): \S.*$/.exec(
          line,
        );
      expect(lane ?? move, line).not.toBeNull();
      for (const used of move?.slice(1) ?? []) if (used) expect(declared).toContain(used);
      // `;` ends a line, `#` begins an escape, and a lone `end` closes a block.
      const plain = line.replaceAll(/#\d+;/g, '');
      expect(plain).not.toMatch(/[#;<]|\bend\b/);
    }
  });

  test('as Markdown: a heading a step, a line a record', () => {
    const text = runMarkdown(told);
    const steps = told.trace.filter(({ act }) => act === 'step');
    expect(text.match(/^## /gm) ?? []).toHaveLength(steps.length);
    const lines = told.trace.filter(
      record => record.act !== 'step' && (record.act !== 'result' || record.error !== null),
    );
    expect(text.match(/^- /gm) ?? []).toHaveLength(lines.length);
    for (const fate of new Set(told.film.journeys.map(one => one.fate)))
      expect(text).toContain(`**${fate}**`);
  });
});
