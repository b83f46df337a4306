import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'vite';
import type { TestProject } from 'vitest/node';

const ROOT = join(import.meta.dirname, '..');
const CONFIG = ['package.json', 'package-lock.json', 'vite.config.ts'];

declare module 'vitest' {
  interface ProvidedContext {
    /** Why the command line could not be built; empty when it was. */
    cliBuildError: string;
    /** The same of the viewer. */
    webBuildError: string;
  }
}

/** Something tests need built: what shows that it is, and what it is made of. */
interface Target {
  readonly name: string;
  readonly mode: 'cli' | 'production' | 'single';
  readonly bundle: string;
  readonly sources: readonly string[];
}

const CLI: Target = {
  name: 'command line',
  mode: 'cli',
  bundle: join(ROOT, 'dist', 'cli', 'irqscope.js'),
  sources: ['src', ...CONFIG],
};

const WEB: Target = {
  name: 'viewer',
  mode: 'production',
  bundle: join(ROOT, 'dist', 'web', 'index.html'),
  sources: ['src', 'web', 'scenarios', ...CONFIG],
};

const SINGLE: Target = {
  ...WEB,
  name: 'viewer in one file',
  mode: 'single',
  bundle: join(ROOT, 'dist', 'web', 'irqscope.html'),
};

const changedAt = (path: string): number => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;

function newest(sources: readonly string[]): number {
  const files = sources
    .map(name => join(ROOT, name))
    .flatMap(path =>
      statSync(path).isDirectory()
        ? readdirSync(path, { recursive: true, encoding: 'utf8' }).map(name => join(path, name))
        : [path],
    );
  return Math.max(...files.map(changedAt));
}

/** Builds a target unless it is newer than its sources; says why it could not. */
async function ensure({ name, mode, bundle, sources }: Target): Promise<string> {
  if (changedAt(bundle) >= newest(sources)) return '';
  const environment = process.env.NODE_ENV;
  // What is tested is what is shipped: libraries choose their development form by this.
  process.env.NODE_ENV = 'production';
  try {
    await build({ configFile: join(ROOT, 'vite.config.ts'), mode, logLevel: 'silent' });
    return '';
  } catch (error) {
    console.warn(`The ${name} does not build; tests that need it will fail. ${error}`);
    return String(error);
  } finally {
    process.env.NODE_ENV = environment;
  }
}

/** Builds once what many tests run. A failure is told to those tests only. */
export async function setup(project: TestProject): Promise<void> {
  project.provide('cliBuildError', await ensure(CLI));
  project.provide('webBuildError', (await ensure(WEB)) || (await ensure(SINGLE)));
}
