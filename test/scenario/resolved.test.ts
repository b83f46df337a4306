import { describe, expect, it } from 'vitest';
import { flatten } from '../../src/scenario/flatten.ts';
import { cellsOf, cellText, resolveFile } from '../../src/scenario/resolve.ts';
import { resolvedText } from '../../src/scenario/resolved-text.ts';
import { FILES, load, meaningOf, readProject } from './files.ts';

const BASE = `irqscope: 1
name: base
title: base
platform:
  preset: x86-bare
  cpus: 4
devices:
  nic0: { bdf: "00:03.0", store: msi }
steps:
  - raise: nic0.0
`;

const OVER = `irqscope: 1
name: over
title: "with: colon"
extends: ./base.yaml
platform: { ir: $ir, x-note: [1, 2] }
devices:
  nic1: { bdf: "00:04.0", store: msi }
vary:
  ir: [none, vtd]
expect:
  always:
    - works: nic0.0
  cells:
    - { when: { ir: none }, isolated: true, violation: any }
    - { when: {}, works: false }
`;

const read = (path: string) => (path === './base.yaml' ? { file: 'base.yaml', text: BASE } : null);

describe('the resolved document', () => {
  const { tree } = resolveFile('over.yaml', OVER, read);
  if (!tree) throw new Error('the document is empty');

  it('says of each line where it comes from', () => {
    expect(resolvedText(tree).replaceAll(/ +#/g, ' #')).toBe(`irqscope: 1 # over.yaml:1
name: over # over.yaml:2
title: "with: colon" # over.yaml:3
platform: # over.yaml:5
  preset: x86-bare # base.yaml:5
  cpus: 4 # base.yaml:6
  ir: $ir # over.yaml:5
  x-note: [1, 2] # over.yaml:5
devices: # over.yaml:6
  nic0: { bdf: "00:03.0", store: msi } # base.yaml:8
  nic1: { bdf: "00:04.0", store: msi } # over.yaml:7
steps: # base.yaml:9
  - raise: nic0.0 # base.yaml:10
vary: # over.yaml:8
  ir: [none, vtd] # over.yaml:9
expect: # over.yaml:10
  always: # over.yaml:11
    - works: nic0.0 # over.yaml:12
  cells: # over.yaml:13
    - { when: { ir: none }, isolated: true, violation: any } # over.yaml:14
    - { when: {}, works: false } # over.yaml:15
`);
    const columns = resolvedText(tree)
      .trimEnd()
      .split('\n')
      .map(line => line.indexOf('  # '));
    expect(new Set(columns).size).toBe(1);
  });

  it('has, for one variant, its values and what is expected of it', () => {
    const text = resolvedText(flatten(tree, { ir: 'none' }));
    const plain = text.replaceAll(/ +# .*$/gm, '');
    expect(plain).toContain('  ir: none\n');
    expect(plain.slice(plain.indexOf('expect:'))).toBe(`expect:
  always:
    - works: nic0.0
  isolated: true
  sometimes:
    - violation: any
`);
    expect(plain).not.toContain('vary');
    expect(text).toContain('# over.yaml:9');
  });
});

describe('every scenario of the project means the same when it is written out', () => {
  it.each(FILES.map(file => [file.name, file] as const))('%s', (_, { name, text }) => {
    const { tree } = resolveFile(name, text, readProject);
    if (!tree) throw new Error('the document is empty');
    const whole = load(name, text);
    expect(meaningOf(load(name, resolvedText(tree)))).toEqual(meaningOf(whole));
    for (const cell of cellsOf(tree).slice(0, 8)) {
      const own = whole.scenarios
        .filter(scenario => cellText(scenario.cell) === cellText(cell))
        .map(scenario => ({ ...scenario, lesson: null }));
      const flat = load(name, resolvedText(flatten(tree, cell)));
      expect(meaningOf(flat)).toEqual(meaningOf({ scenarios: own, problems: [] }));
    }
  });
});
