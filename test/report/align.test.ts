import { describe, expect, it } from 'vitest';
import { alignRuns, type Row } from '../../src/report/align.ts';
import {
  type JudgedSide,
  partingSentence,
  rowSentence,
  summaryOf,
  twinOf,
} from '../../src/report/compare.ts';
import type { Likeness } from '../../src/report/event-likeness.ts';
import { filmOf } from '../../src/report/film.ts';
import { chooseRun } from '../../src/runner/choose-run.ts';
import { allServiced, breaksIsolation } from '../../src/runner/run-view.ts';
import type { Scenario } from '../../src/scenario/compile.ts';
import { FILES, load } from '../scenario/files.ts';

const LIKENESSES: readonly Likeness[] = ['kind', 'outcome', 'bits'];
const NAMES = { a: 'left', b: 'right' };

function sideOf(scenario: Scenario, off: readonly string[] = []): JudgedSide {
  const machine = { ...scenario.machine, off: [...scenario.machine.off, ...off] };
  const { view } = chooseRun(scenario, machine);
  return {
    machine,
    trace: view.trace,
    film: filmOf(machine, view.trace, view.findings),
    steps: scenario.program.steps,
    isolated: !view.findings.some(breaksIsolation),
    works: allServiced(view),
  };
}

/** The variant of a shipped scenario with these values. */
function variant(name: string, cell: Readonly<Record<string, string>> = {}): Scenario {
  const file = FILES.find(one => one.name === `${name}.yaml`);
  const { scenarios } = load(`${name}.yaml`, file?.text ?? '');
  const found = scenarios.find(one =>
    Object.entries(cell).every(([axis, value]) => one.cell[axis] === value),
  );
  if (!found) throw new Error(`${name} has no such variant`);
  return found;
}

/** The step the runs part in, from 1; 0 for none. */
function partsAt(a: JudgedSide, b: JudgedSide, likeness: Likeness): number {
  const { rows, parting } = alignRuns(a, b, likeness);
  if (parting < 0) return 0;
  const row = rows[parting];
  return (row.a >= 0 ? a.film.stepOf[row.a] : b.film.stepOf[row.b]) + 1;
}

const RUNNABLE = FILES.filter(({ name }) => !name.startsWith('matrix'));

describe('two runs side by side', () => {
  it.each(RUNNABLE)('$name beside itself is alike all the way', ({ name, text }) => {
    const [scenario] = load(name, text).scenarios;
    const side = sideOf(scenario);
    for (const likeness of LIKENESSES) {
      const { rows, differences } = alignRuns(side, side, likeness);
      expect(differences).toEqual([]);
      expect(rows.map(({ a, b }) => [a, b])).toEqual(side.trace.map(({ seq }) => [seq, seq]));
    }
    const { aspects, steps } = summaryOf(side, side);
    for (const { a, b } of aspects) expect(a).toBe(b);
    for (const { a, b } of steps) expect(a).toEqual(b);
    const alignment = alignRuns(side, side, 'bits');
    expect(partingSentence(side, side, { alignment, names: NAMES })).toBeNull();
  });

  it.each(RUNNABLE.filter(({ name, text }) => load(name, text).scenarios.length > 1))(
    'variants of $name: nothing is left out, nothing goes back in time',
    ({ name, text }) => {
      const [first, ...others] = load(name, text).scenarios.slice(0, 6);
      const a = sideOf(first);
      for (const other of others) {
        const b = sideOf(other);
        const { rows, upTo } = alignRuns(a, b, 'bits');
        const column = (of: (row: Row) => number): number[] => rows.map(of).filter(seq => seq >= 0);
        expect(column(row => row.a)).toEqual(a.trace.map(({ seq }) => seq));
        expect(column(row => row.b)).toEqual(b.trace.map(({ seq }) => seq));
        expect(upTo.at(-1)).toEqual({ a: a.trace.length - 1, b: b.trace.length - 1 });
        for (const row of rows)
          if (row.kind !== 'alone') expect(a.trace[row.a].act).toBe(b.trace[row.b].act);
      }
    },
  );
});

describe('designs on one script', () => {
  const one = (way: string, unit: string) => sideOf(variant('teaching/one-script', { way, unit }));

  it('trap and hypercall part at the guest’s allocation: there one of them asks', () => {
    const [trap, hcall] = [one('trap', 'vtd'), one('hcall', 'vtd')];
    expect(partsAt(trap, hcall, 'kind')).toBe(3);
    const alignment = alignRuns(trap, hcall, 'kind');
    const said = partingSentence(trap, hcall, { alignment, names: NAMES });
    expect(said).toMatch(/^step 3 \(allocate acc\.0\), left: nothing of the kind; right: /);
    const { aspects } = summaryOf(trap, hcall);
    const row = (aspect: string) => aspects.find(one => one.aspect === aspect);
    expect(Number(row('traps')?.a)).toBeGreaterThan(2);
    expect(row('traps')?.b).toBe('0');
    expect(row('hypercalls')?.a).toBe('0');
    expect(Number(row('hypercalls')?.b)).toBeGreaterThan(0);
    expect(row('stores')).toMatchObject({ a: 'host', b: 'host, g1' });
    expect(row('composes')?.a).toContain('Vectordomain of guest g1');
    expect(row('composes')?.b).toContain('HCALLdomain of guest g1');
  });

  it('VT-d and AMD-Vi part where the first entry is written, and nowhere in what comes of it', () => {
    const [vtd, amdvi] = [one('trap', 'vtd'), one('trap', 'amdvi')];
    expect(partsAt(vtd, amdvi, 'bits')).toBe(1);
    const { steps } = summaryOf(vtd, amdvi);
    for (const { a, b } of steps) expect(a).toEqual(b);
    const { rows, differences } = alignRuns(vtd, amdvi, 'outcome');
    const acts = differences.map(
      i => (rows[i].a >= 0 ? vtd.trace[rows[i].a] : amdvi.trace[rows[i].b]).act,
    );
    expect([...new Set(acts)].sort()).toEqual(['invalidate', 'queue', 'write']);
  });

  it('without a unit the Vector domain composes', () => {
    const { aspects } = summaryOf(one('hcall', 'vtd'), one('hcall', 'none'));
    const composes = aspects.find(({ aspect }) => aspect === 'composes');
    expect(composes?.a).toContain('Remapdomain');
    expect(composes?.b).not.toContain('Remapdomain');
    expect(composes?.b).toContain('Vectordomain');
  });

  it('MSI-X and IMS do not part above the store', () => {
    const at = (storage: string) => sideOf(variant('lessons/09-ims', { storage }));
    const [msix, queue] = [at('msix'), at('ims-queue')];
    const { rows, differences } = alignRuns(msix, queue, 'bits');
    for (const i of differences) {
      const record = rows[i].a >= 0 ? msix.trace[rows[i].a] : queue.trace[rows[i].b];
      const isBus = 'domain' in record && record.domain.startsWith('acc0:');
      const isStore = record.act === 'write' && ['store', 'function'].includes(record.unit);
      const isDevice = record.act === 'raise';
      expect(isBus || isStore || isDevice, `${record.act} ${record.where}`).toBe(true);
    }
  });
});

describe('a check switched off', () => {
  const scenario = variant('teaching/tglx-guest-hcall', { remap: 'sound' });
  const [on, off] = [sideOf(scenario), sideOf(scenario, ['vtd/source-id'])];

  it('parts the runs where it would have refused, and not before', () => {
    const alignment = alignRuns(on, off, 'bits');
    const row = alignment.rows[alignment.differences[0]];
    expect(on.trace[row.a].act).toBe('translate');
    expect(scenario.program.steps[on.film.stepOf[row.a]].label).toBe('other-entry');
    const said = rowSentence(on, off, { row, names: NAMES });
    expect(said).toContain('left: blocked by vtd/source-id');
    expect(said).toContain('right: entry 1 makes it');
    expect(twinOf(alignment, row.a)).toBe(row.b);
    const { steps } = summaryOf(on, off);
    expect(steps.find(({ text }) => text.includes('other-entry'))).toMatchObject({
      a: ['blocked'],
      b: ['misdelivered'],
    });
  });
});
