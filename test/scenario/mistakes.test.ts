import { describe, expect, it } from 'vitest';
import { type Loaded, loadScenario } from '../../src/scenario/load.ts';
import { problemText } from '../../src/scenario/problem-text.ts';
import { COMBINATIONS, VARIANTS } from './mistakes/combinations.ts';
import { MISSING, UNKNOWN_KEYS } from './mistakes/keys.ts';
import { REFERENCES } from './mistakes/names.ts';
import { type SeededMistake, wholeText } from './mistakes/seeded.ts';
import { WRONG_VALUES } from './mistakes/values.ts';
import { YAML } from './mistakes/yaml.ts';

const MISTAKES: readonly SeededMistake[] = [
  ...UNKNOWN_KEYS,
  ...MISSING,
  ...WRONG_VALUES,
  ...REFERENCES,
  ...COMBINATIONS,
  ...VARIANTS,
  ...YAML,
];

const MARK = '▸';

/** Line and column of the mark, and the text without it. */
function marked(text: string): { text: string; line: number; column: number } {
  const before = text.slice(0, text.indexOf(MARK)).split('\n');
  const column = (before[before.length - 1] ?? '').length + 1;
  return { text: text.replace(MARK, ''), line: before.length, column };
}

const load = (text: string, others: Record<string, string> = {}): Loaded =>
  loadScenario('s.yaml', text, path => {
    const file = path.replace('./', '');
    return others[file] === undefined ? null : { file, text: others[file] };
  });

const brief = ({ problems }: Loaded): string[] =>
  problems.map(({ at, code }) => `${at.file}:${at.line}:${at.column} ${code}`);

describe('one mistake is told once, at its place, with the way out first', () => {
  it.each(MISTAKES.map(mistake => [mistake.name, mistake] as const))('%s', (_, mistake) => {
    const { text, line, column } = marked(wholeText(mistake));
    const loaded = load(text);
    expect(loaded.scenarios).toEqual([]);
    expect(brief(loaded)).toEqual([`s.yaml:${line}:${column} ${mistake.code}`]);
    const [{ message, hint }] = loaded.problems;
    expect(message).toMatch(mistake.says);
    expect(hint.startsWith(mistake.offers), hint).toBe(true);
    if (mistake.offers === '') expect(hint).toBe('');
  });

  it('has at least forty of them', () => {
    expect(MISTAKES.length).toBeGreaterThanOrEqual(40);
  });
});

describe('extends', () => {
  const head = 'irqscope: 1\nname: a\ntitle: a\n';
  const devices = 'devices:\n  nic0: { bdf: "00:03.0", store: msi }\n';

  it('names a file that is not there', () => {
    const loaded = load(`${head}extends: ./none.yaml\n`);
    expect(brief(loaded)).toEqual(['s.yaml:4:10 ref/extends']);
    expect(loaded.problems[0].message).toBe('there is no file ./none.yaml');
  });

  it('goes round in a circle', () => {
    const loaded = load(`${head}extends: ./b.yaml\n`, {
      'b.yaml': `${head}extends: ./s.yaml\n`,
      's.yaml': head,
    });
    expect(brief(loaded)).toEqual(['b.yaml:4:10 ref/extends']);
  });

  it('goes too deep', () => {
    const others = Object.fromEntries(
      Array.from({ length: 9 }, (_, i) => [`f${i}.yaml`, `${head}extends: ./f${i + 1}.yaml\n`]),
    );
    const loaded = load(`${head}extends: ./f0.yaml\n`, others);
    expect(brief(loaded)).toEqual(['f6.yaml:4:10 ref/extends']);
    expect(loaded.problems[0].message).toMatch(/deeper than 8 files/);
  });

  it('tells mistakes of the other file at their place there', () => {
    const loaded = load(`${head}extends: ./b.yaml\nsteps:\n  - raise: nic1.0\n`, {
      'b.yaml': `${head}platform: { preset: x86-vdt }\n${devices}`,
    });
    expect(brief(loaded)).toEqual(['s.yaml:6:12 ref/unknown', 'b.yaml:4:21 schema/value']);
  });

  it('is misspelt: nothing else is said, since the rest is not known', () => {
    const loaded = load(`${head}extend: ./b.yaml\n`);
    expect(brief(loaded)).toEqual(['s.yaml:4:1 schema/unknown-key']);
  });
});

const MANY = `irqscope: 1
name: ▸Many Mistakes
title: "x"
▸platfrom:
  preset: ▸x86-vdt
  cpus: { p0: { apic: 0 }, p1: { ▸apicId: 1 } }
  ir: { kind: vtd, ▸sourceValidaton: full, compatFormat: ▸blok, entries: ▸100 }
guests:
  g1: { vcpus: { v0: ▸p9 } }
devices:
  nic0: { bdf: ▸00:03.0, store: ▸msxi, vectors: 2 }
  nic1: { bdf: "00:04.0", owner: ▸g2, store: msi }
  ▸nic2: { store: msi, ▸colour: 1 }
steps:
  - ▸alocate: { irq: nic0.0, cpu: ▸0 }
  - allocate: { irq: nic1.0, cpu: v0 }
  - raise: ▸nic0.5
    at: ▸10
  - ▸raise nic0.0
  - store: ▸nic0
  - raise: nic0.0
    ▸store: nic0.0
  - ▸label: x
  - affinity: { irq: ▸card.0, cpu: ▸p7 }
    at: ▸10ps
  - ▸colour: 1
    label: y
expect:
  isolated: ▸yes
  always:
    - delivered: { irq: nic0.0, to: p0, vector: ▸300 }
    - ▸delivrd: { irq: nic0.0 }
    - fault: { step: y, reason: vtd/0x26 }
    - fault: { step: ▸z, reason: vtd/0x26 }
    - violation: ▸isolaton/foreign-entry
    - lost: nic0.0
      ▸works: nic0.0
`;

describe('many mistakes', () => {
  /** Every marked place of a text, in order. */
  function places(text: string): string[] {
    const lines = text.split('\n');
    return lines.flatMap((line, i) => {
      const parts = line.split(MARK);
      const lengths = parts.slice(0, -1).map((_, n) => parts.slice(0, n + 1).join('').length);
      return lengths.map(length => `${i + 1}:${length + 1}`);
    });
  }

  it('are all told, in the order of the file, and nothing else', () => {
    const { problems } = load(MANY.replaceAll(MARK, ''));
    expect(problems.map(({ at }) => `${at.line}:${at.column}`)).toEqual(places(MANY));
    expect(problems.length).toBeGreaterThan(30);
  });

  it('are told once, however many variants have them', () => {
    const axes = 'vary:\n  one: [1, 2, 3]\n  two: [1, 2, 3]\n';
    const once = load(MANY.replaceAll(MARK, '')).problems;
    expect(load(MANY.replaceAll(MARK, '') + axes).problems).toEqual(once);
  });

  it('are printed with the line they are on', () => {
    const text = MANY.replaceAll(MARK, '');
    const [, second] = load(text).problems;
    expect(problemText(second, text)).toBe(
      [
        "s.yaml:4:1 error[schema/unknown-key] 'platfrom' is not known",
        '>    4 | platfrom:',
        '       | ^^^^^^^^',
        "      = did you mean 'platform'?",
      ].join('\n'),
    );
  });
});

describe('what is suspicious', () => {
  const guest = (behaviour: string): string =>
    wholeText({
      name: '',
      text: `guests:
  g1: { vcpus: { v0: p1 }${behaviour} }
devices:
  q1: { bdf: "3b:00.0", store: ims-queue, owner: g1 }
steps:
  - attack: { kind: replay, irq: q1.0 }
`,
      code: '',
      says: /./,
      offers: '',
    });

  it('is told, and the file is run all the same', () => {
    const { problems, scenarios } = load(guest(''));
    expect(brief({ problems, scenarios })).toEqual(['s.yaml:9:13 attack/honest']);
    expect(problems[0].severity).toBe('warning');
    expect(problems[0].hint).toBe('write behaviour: adversarial at g1');
    expect(scenarios).toHaveLength(1);
  });

  it('is not there where the file says what it means', () => {
    expect(load(guest(', behaviour: adversarial')).problems).toEqual([]);
  });
});

describe('what is not a mistake', () => {
  const head = 'irqscope: 1\nname: a\ntitle: a\ndevices:\n  nic0: { bdf: "00:03.0", store: msi }\n';

  it('keys that begin with x- are the writer’s own, at every level', () => {
    const { problems, scenarios } = load(
      `${head}x-origin: { seed: 3 }\nplatform: { x-note: hello }\nsteps:\n  - raise: nic0.0\n    x-why: [1, 2]\n`,
    );
    expect(problems).toEqual([]);
    expect(scenarios).toHaveLength(1);
  });

  it('a byte order mark and the line ends of Windows', () => {
    const text = `\ufeff${head}steps:\n  - raise: nic1.0\n`.replaceAll('\n', '\r\n');
    expect(brief(load(text))).toEqual(['s.yaml:7:12 ref/unknown']);
    expect(brief(load(`\ufeff${head}`))).toEqual([]);
  });
});
