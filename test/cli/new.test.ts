import { expect, test } from 'vitest';
import { TEMPLATES } from '../../src/scenario/templates.ts';
import { runCli } from './cli.ts';
import { useFolder } from './folder.ts';

const folder = useFolder();

test('lists what there is to begin with', () => {
  const { code, stdout } = runCli(['new']);
  expect(code).toBe(0);
  for (const { name, about } of TEMPLATES) expect(stdout).toMatch(new RegExp(`${name} +${about}`));
});

test.each(TEMPLATES.map(({ name }) => name))('%s: written, checked and run', name => {
  const file = folder.path(`my-${name}.yaml`);
  const made = runCli(['new', name, file]);
  expect(made).toMatchObject({ code: 0, stdout: expect.stringContaining(`irqscope run ${file}`) });
  expect(folder.read(`my-${name}.yaml`)).toContain(`\nname: my-${name}\n`);
  expect(runCli(['check', file])).toMatchObject({
    code: 0,
    stdout: '1 files, 0 errors, 0 warnings\n',
  });
  expect(runCli(['run', file])).toMatchObject({ code: 0, stderr: '' });
});

test('is printed without a name', () => {
  const { code, stdout } = runCli(['new', 'basic']);
  expect(code).toBe(0);
  expect(stdout).toContain('irqscope: 1\nname: basic\n');
});

test('does not write over a file', () => {
  const file = folder.write('mine.yaml', 'mine\n');
  expect(runCli(['new', 'basic', folder.path('mine')])).toMatchObject({ code: 2, stdout: '' });
  expect(runCli(['new', 'basic', file])).toMatchObject({ code: 2 });
  expect(folder.read('mine.yaml')).toBe('mine\n');
});

test.each([
  [['new', 'basik'], "did you mean 'basic'?"],
  [['new', 'basic', 'My File'], 'a name has lower-case letters'],
  [['new', 'basic', 'no-such-folder/mine'], 'there is no folder no-such-folder'],
])('%j is refused', (args, text) => {
  const { code, stderr } = runCli(args);
  expect(code).toBe(2);
  expect(stderr).toContain(text);
});
