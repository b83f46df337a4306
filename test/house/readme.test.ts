import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { SOURCES } from '../../src/arch/sources.ts';
import { matrixMarkdown } from '../../src/report/matrix-text.ts';
import { runCli } from '../cli/cli.ts';
import { ROOT, readSource } from './source.ts';

/*
 * What the README shows is made anew and compared. `UPDATE_DOCS=1 npx vitest run test/house` writes
 * it. Scenarios are their files, transcripts what the commands print, the list of sources the one
 * the code cites. The matrix is the answer that is kept, which `test/explore/matrix.test.ts` holds
 * against a fresh search.
 */

const FILE = 'README.md';
const folder = mkdtempSync(join(tmpdir(), 'irqscope-readme-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A transcript with the output of its commands made anew. */
function transcript(text: string): string {
  const commands = text.split('\n').filter(line => line.startsWith('$ '));
  return commands
    .map(command => {
      const [program, ...args] = command.slice('$ '.length).split(' ');
      if (program !== 'irqscope') throw new Error(`a transcript runs irqscope, not ${program}`);
      const { stdout, stderr } = runCli(args);
      return `${command}\n${stdout}${stderr}`;
    })
    .join('\n');
}

/** What a piece of code prints that uses the library. */
async function outputOf(code: string): Promise<string> {
  const module = join(folder, `code-${Math.abs(code.length)}.ts`);
  writeFileSync(module, code.replace("from 'irqscope'", `from '${join(ROOT, 'src/index.ts')}'`));
  const log = vi.spyOn(console, 'log').mockImplementation(() => {});
  await import(module);
  const { inspect } = await import('node:util');
  const lines = log.mock.calls.map(values =>
    values.map(value => (typeof value === 'string' ? value : inspect(value))).join(' '),
  );
  log.mockRestore();
  return lines.map(line => `${line}\n`).join('');
}

const sourceList = (): string =>
  Object.entries(SOURCES)
    .map(([key, text]) => `- \`${key}\`: ${text}`)
    .join('\n');

const matrix = (): string =>
  matrixMarkdown(JSON.parse(readSource('scenarios/matrix/open-question.json').text));

/** The text with everything that is shown in it made anew. */
async function updated(text: string): Promise<string> {
  let result = text
    .replaceAll(
      /^```yaml (\S+)\n[\s\S]*?^```$/gm,
      (_, path: string) => `\`\`\`yaml ${path}\n${readSource(path).text}\`\`\``,
    )
    .replaceAll(
      /^```console\n([\s\S]*?)^```$/gm,
      (_, shown: string) => `\`\`\`console\n${transcript(shown)}\`\`\``,
    )
    .replace(
      /(<!-- sources:begin -->\n)[\s\S]*?(<!-- sources:end -->)/,
      (_, begin: string, end: string) => `${begin}\n${sourceList()}\n\n${end}`,
    )
    .replace(
      /(<!-- matrix:begin -->\n)[\s\S]*?(<!-- matrix:end -->)/,
      (_, begin: string, end: string) => `${begin}\n${matrix()}\n${end}`,
    );
  for (const [whole, code, shown] of text.matchAll(
    /^```ts run\n([\s\S]*?)^```\n\n```text\n([\s\S]*?)^```$/gm,
  ))
    result = result.replace(whole, whole.replace(shown, await outputOf(code)));
  return result;
}

let shown = '';
let anew = '';
beforeAll(async () => {
  shown = readSource(FILE).text;
  anew = await updated(shown);
  if (process.env.UPDATE_DOCS) {
    writeFileSync(join(ROOT, FILE), anew);
    shown = anew;
  }
}, 60_000);

test('what it shows is what comes out', () => {
  expect(shown, 'UPDATE_DOCS=1 npx vitest run test/house writes it anew').toBe(anew);
});

describe('what it shows', () => {
  test('is there', () => {
    expect([...shown.matchAll(/^```yaml scenarios\//gm)].length).toBeGreaterThan(0);
    expect([...shown.matchAll(/^\$ irqscope run /gm)].length).toBeGreaterThan(0);
    expect([...shown.matchAll(/^```ts run$/gm)].length).toBeGreaterThan(0);
    expect(shown).toMatch(/<!-- matrix:begin -->[\s\S]*<!-- matrix:end -->/);
  });

  test('are scenarios that hold', () => {
    const files = [...shown.matchAll(/^```yaml (\S+)$/gm)].map(([, path]) => path);
    const { code, stdout } = runCli(['run', ...files]);
    expect(code, stdout).toBe(0);
  });
});

test('every command has its line', () => {
  const { stdout } = runCli(['--help']);
  const commands = [...stdout.matchAll(/^ {2}([\w-]+)(?: \[options\]| \[command\]| <|$)/gm)]
    .map(([, name]) => name)
    .filter(name => name !== 'help');
  const named = [...shown.matchAll(/^\| `irqscope ([\w-]+)`/gm)].map(([, name]) => name);
  expect(commands.length).toBeGreaterThan(5);
  expect(named.sort()).toEqual(commands.sort());
});

test('the commands at the top are those of package.json, and CI runs them', () => {
  const scripts: Record<string, string> = JSON.parse(readSource('package.json').text).scripts;
  const ci = readSource('.ci/run').lines;
  expect(shown).toContain('\n    npm ci && npm start ');
  expect(shown).toContain('\n    npm ci && npm test ');
  for (const [, name] of shown.matchAll(/npm (?:run )?(start|test|web|build)\b/g))
    expect(scripts).toHaveProperty(name);
  for (const command of ['npm ci', 'npm test', 'npm start']) expect(ci).toContain(command);
});
