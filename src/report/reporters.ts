import { githubReporter } from './github.ts';
import { jsonReporter } from './json.ts';
import { junitReporter } from './junit.ts';
import { ktapReporter } from './ktap.ts';
import { listReporter } from './list.ts';
import type { Reporter } from './reporter.ts';
import { sarifReporter } from './sarif.ts';

/** Every way to report, by the name that asks for it. */
export const REPORTERS = {
  list: listReporter,
  json: jsonReporter,
  junit: junitReporter,
  sarif: sarifReporter,
  ktap: ktapReporter,
  github: githubReporter,
} as const satisfies Record<string, Reporter>;
export type ReporterName = keyof typeof REPORTERS;

export const REPORTER_NAMES = Object.keys(REPORTERS) as ReporterName[];
