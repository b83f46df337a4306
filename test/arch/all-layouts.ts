import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Layout } from '../../src/bits/layout.ts';

const ARCH = join(import.meta.dirname, '..', '..', 'src', 'arch');

const isLayout = (value: unknown): value is Layout =>
  typeof value === 'object' && value !== null && 'fields' in value && 'bits' in value;

/** Everything the folder of facts exports, by name. */
export const ARCH_EXPORTS: readonly [string, unknown][] = (
  await Promise.all(
    readdirSync(ARCH)
      .filter(file => file.endsWith('.ts'))
      .map(async file => Object.entries<unknown>(await import(join(ARCH, file)))),
  )
).flat();

/** Every layout the folder of facts declares, by the name it is exported under. */
export const LAYOUTS: readonly [string, Layout][] = ARCH_EXPORTS.flatMap(
  ([name, value]): [string, Layout][] => (isLayout(value) ? [[name, value]] : []),
);
