import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'vite';
import type { TestProject } from 'vitest/node';

const ROOT = join(import.meta.dirname, '..');
const BUNDLE = join(ROOT, 'dist', 'cli', 'irqscope.js');
const SOURCES = ['src', 'package.json', 'package-lock.json', 'vite.config.ts'];

declare module 'vitest' {
  interface ProvidedContext {
    /** Why the command line could not be built; empty when it was. */
    cliBuildError: string;
  }
}

const changedAt = (path: string): number => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;

function newestSource(): number {
  const files = SOURCES.map(name => join(ROOT, name)).flatMap(path =>
    statSync(path).isDirectory()
      ? readdirSync(path, { recursive: true, encoding: 'utf8' }).map(name => join(path, name))
      : [path],
  );
  return Math.max(...files.map(changedAt));
}

/**
 * Bundles the command line once for all tests that run it, unless it is newer than its sources. A
 * failure is told to those tests only: the others do not need the bundle.
 */
export async function setup(project: TestProject): Promise<void> {
  let failure = '';
  if (changedAt(BUNDLE) < newestSource()) {
    try {
      await build({ root: ROOT, mode: 'cli', logLevel: 'silent' });
    } catch (error) {
      failure = String(error);
      console.warn(`The command line does not build; tests that run it will fail. ${failure}`);
    }
  }
  project.provide('cliBuildError', failure);
}
