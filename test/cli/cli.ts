import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { inject } from 'vitest';

const ROOT = join(import.meta.dirname, '..', '..');

/** The bundled command line, as users have it. */
export const CLI = join(ROOT, 'dist', 'cli', 'irqscope.js');

/** What a run of the command line left behind. */
export interface CliRun {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const OUTPUT_MAX = 256 * 1024 * 1024;

/** Runs `irqscope` from the project's root with these arguments, and `stdin` as its input. */
export function runCli(
  args: readonly string[],
  stdin = '',
  environment: Readonly<Record<string, string>> = {},
): CliRun {
  const failure = inject('cliBuildError');
  if (failure) throw new Error(`the command line does not build: ${failure}`);
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, ...args], {
    cwd: ROOT,
    env: { ...process.env, ...environment },
    input: stdin,
    encoding: 'utf8',
    maxBuffer: OUTPUT_MAX,
  });
  return { code: status, stdout, stderr };
}
