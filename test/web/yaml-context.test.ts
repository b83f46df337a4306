import { describe, expect, test } from 'vitest';
import { cursorAt } from '../../web/editor/yaml-context.ts';

/** The cursor is where the bar stands. */
function at(text: string) {
  const position = text.indexOf('¦');
  const { path, kind, typed, siblings } = cursorAt(text.replace('¦', ''), position);
  return { path: path.join('/'), kind, typed, siblings: [...siblings.keys()] };
}

test.each([
  ['an empty text', '¦', '', 'key', '', []],
  ['a key at the top', 'irqscope: 1\nna¦', '', 'key', 'na', ['irqscope']],
  ['keys below count too', 'irqscope: 1\n¦\ntitle: x\n', '', 'key', '', ['irqscope', 'title']],
  ['a value', 'platform:\n  preset: x8¦', 'platform/preset', 'value', 'x8', ['preset']],
  ['an empty value', 'platform:\n  preset: ¦', 'platform/preset', 'value', '', ['preset']],
  ['a key one deeper', 'devices:\n  nic0:\n    st¦', 'devices/nic0', 'key', 'st', []],
  [
    'a key beside others',
    'devices:\n  nic0:\n    bdf: "00:03.0"\n    ¦\n    owner: g1\n  nic1:\n    store: msi\n',
    'devices/nic0',
    'key',
    '',
    ['bdf', 'owner'],
  ],
  ['a step', 'steps:\n  - al¦', 'steps/0', 'key', 'al', []],
  ['the third step', 'steps:\n  - raise: a.0\n  - free: a.0\n  - ¦', 'steps/2', 'key', '', []],
  ['a second key of a step', 'steps:\n  - raise: a.0\n    ¦', 'steps/0', 'key', '', ['raise']],
  ['a list as deep as its key', 'steps:\n- raise: a.0\n- al¦', 'steps/1', 'key', 'al', []],
  ['back at the top', 'steps:\n  - raise: a.0\nex¦', '', 'key', 'ex', ['steps']],
  ['a flow map', 'steps:\n  - allocate: { ir¦', 'steps/0/allocate', 'key', 'ir', []],
  [
    'a flow map in the middle',
    'steps:\n  - allocate: { irq: a.0, ¦, cpu: p0 }\n',
    'steps/0/allocate',
    'key',
    '',
    ['irq', 'cpu'],
  ],
  [
    'a value in flow',
    'steps:\n  - allocate: { irq: a.0, cpu: p¦ }',
    'steps/0/allocate/cpu',
    'value',
    'p',
    ['irq'],
  ],
  [
    'a map in a map in flow',
    'guests:\n  g1: { vcpus: { v0: ¦',
    'guests/g1/vcpus/v0',
    'value',
    '',
    [],
  ],
  [
    'flow over lines',
    'devices:\n  a: {\n    bdf: "00:01.0",\n    st¦',
    'devices/a',
    'key',
    'st',
    ['bdf'],
  ],
  ['after a flow map', 'platform: { preset: x86-vtd }\nde¦', '', 'key', 'de', ['platform']],
  ['a list in flow', 'tags: [a, b¦', 'tags/1', 'value', 'b', []],
  ['a comment is nothing', 'a: 1 # b: {\n¦', '', 'key', '', ['a']],
  [
    'a text block holds no keys',
    'description: |\n  steps: { x\n  - y\nti¦',
    '',
    'key',
    'ti',
    ['description'],
  ],
  [
    'a bus address is a value',
    'devices:\n  a: { bdf: "3b:00.0", store: ¦',
    'devices/a/store',
    'value',
    '',
    ['bdf'],
  ],
  [
    'a block inside a block',
    'steps:\n  - race:\n      one:\n        - store: a.0\n      two:\n        - ra¦',
    'steps/0/race/two/0',
    'key',
    'ra',
    [],
  ],
])('%s', (_name, text, path, kind, typed, siblings) => {
  expect(at(text)).toEqual({ path, kind, typed, siblings });
});

describe('what was chosen already', () => {
  test('is known by its value', () => {
    const text = 'steps:\n  - attack: { kind: forge-store, irq: a.0, ';
    expect(cursorAt(text, text.length).siblings.get('kind')).toBe('forge-store');
  });
});
