import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, test } from 'vitest';

/** A program that some tests need and a fresh machine may lack. */
interface Tool {
  readonly title: string;
  /** Names it goes by, the likeliest first. */
  readonly names: readonly string[];
  /** Environment variable that may hold its path. */
  readonly variable: string;
  readonly get: string;
}

const TOOLS = {
  chromium: {
    title: 'Chromium',
    names: ['chromium', 'chromium-browser', 'google-chrome'],
    variable: 'CHROME_PATH',
    get: 'apt-get install chromium fonts-dejavu-core',
  },
  cc: {
    title: 'a C compiler',
    names: ['cc', 'gcc', 'clang'],
    variable: 'CC',
    get: 'apt-get install gcc libc6-dev',
  },
  spin: {
    title: 'SPIN',
    names: ['spin'],
    variable: 'SPIN',
    get: 'apt-get install spin',
  },
} as const satisfies Record<string, Tool>;
export type ToolName = keyof typeof TOOLS;

/** Set to 1, the environment demands every tool: tests that lack one fail. `.ci/run` sets it. */
const IS_COMPLETE = process.env.TEST_COMPLETE === '1';

/** Where a tool is: what its variable names, or the first on the path; null where there is none. */
export function toolPath(name: ToolName): string | null {
  const { names, variable } = TOOLS[name];
  const folders = (process.env.PATH ?? '').split(delimiter);
  const asked = process.env[variable];
  const words = asked ? [asked, ...names] : names;
  const paths = words.flatMap(word => [
    ...(word.includes('/') ? [word] : folders.map(folder => join(folder, word))),
  ]);
  return paths.find(path => existsSync(path)) ?? null;
}

/** How the name of what is left out says why; `left-out.ts` gathers these at the end of a run. */
export const LEFT_OUT = /\[LEFT OUT: (.+)\]/;

const leftOutName = (name: string, why: string): string => `${name} [LEFT OUT: ${why}]`;

/**
 * Tests that need a tool; they get its path. Where there is none they are left out, by a name that
 * says so, or fail where the environment demands that nothing is left out.
 */
export function describeWith(tool: ToolName, name: string, tests: (path: string) => void): void {
  const path = toolPath(tool);
  if (path !== null) {
    describe(name, () => tests(path));
    return;
  }
  const { title, get, variable } = TOOLS[tool];
  const why = `no ${title.replace(/^a /, '')} here: ${get}, or ${variable}=PATH`;
  if (IS_COMPLETE)
    test(name, () => {
      throw new Error(`TEST_COMPLETE=1 leaves nothing out, and there is ${why}`);
    });
  else test.skip(leftOutName(name, why), () => {});
}

type Test = (name: string, body: () => void | Promise<void>) => void;

/**
 * `test` where `found` is not null; else what leaves out tests that need `path`. Nobody can install
 * what lies beside the project, so this never fails.
 */
export const testWithFile = (path: string, found: unknown): Test =>
  found === null
    ? name => test.skip(leftOutName(name, `no ${path} beside the project`), () => {})
    : test;
