import { expect, test } from 'vitest';
import { runCli } from './cli.ts';

test.each([
  [[], 'http://json-schema.org/draft-07/schema#'],
  [['--draft', '7'], 'http://json-schema.org/draft-07/schema#'],
  [['--draft', '2020-12'], 'https://json-schema.org/draft/2020-12/schema'],
])('schema %j', (flags, dialect) => {
  const { code, stdout, stderr } = runCli(['schema', ...flags]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(JSON.parse(stdout)).toMatchObject({ $schema: dialect, title: 'irqscope scenario' });
});

test('a draft that is not there', () => {
  const { code, stderr } = runCli(['schema', '--draft', '4']);
  expect(code).toBe(2);
  expect(stderr).toContain('7, 2020-12');
});
