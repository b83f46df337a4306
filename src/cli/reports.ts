import { writeFileSync } from 'node:fs';
import type { ReportEnd, Reporter } from '../report/reporter.ts';
import { REPORTER_NAMES, REPORTERS, type ReporterName } from '../report/reporters.ts';
import type { ScenarioResult } from '../report/result.ts';
import { suggest } from '../scenario/problem.ts';
import { usageError } from './exit.ts';
import { singlePage } from './page-files.ts';
import { FAILED_FOLDER, writeFailed } from './run-html.ts';

/** Pages of what failed, in a folder, beside the other reports. */
const PAGES = 'html';

/** Every way to report that the command line knows. */
export const REPORTS: readonly string[] = [...REPORTER_NAMES, PAGES];

/** A report on its way: to a file, or to standard output where there is none. */
interface Report {
  readonly name: ReporterName;
  readonly file: string | null;
}

/** Reads `--reporter NAME` and `--reporter NAME=FILE`. */
function reportOf(text: string): Report {
  const at = text.indexOf('=');
  const name = at < 0 ? text : text.slice(0, at);
  const known = REPORTER_NAMES.find(one => one === name);
  if (!known) throw usageError(`there is no reporter '${name}'; ${suggest(name, REPORTS)}`);
  const file = at < 0 ? null : text.slice(at + 1);
  if (file === '') throw usageError(`--reporter ${name}= wants the name of a file`);
  return { name: known, file };
}

/** All reports of a run, told of each result as it comes. */
export interface Reports {
  begin(count: number): void;
  add(result: ScenarioResult, more: readonly string[]): void;
  end(end: ReportEnd): void;
}

/** The folder for pages, where they are wanted: `--reporter html` or `--reporter html=FOLDER`. */
function pagesFolder(wanted: readonly string[]): string | null {
  const [asked] = wanted.filter(isPages);
  if (asked === undefined) return null;
  singlePage();
  return asked === PAGES ? FAILED_FOLDER : asked.slice(PAGES.length + 1);
}

const isPages = (text: string): boolean => text === PAGES || text.startsWith(`${PAGES}=`);

/** Reports as `--reporter` names them, at most one of them to standard output. */
export function openReports(wanted: readonly string[]): Reports {
  const folder = pagesFolder(wanted);
  const texts = wanted.filter(text => !isPages(text));
  const reports = (texts.length === 0 ? ['list'] : texts).map(reportOf);
  const shown = reports.filter(({ file }) => file === null);
  if (shown.length > 1)
    throw usageError(
      `only one report goes to standard output: write --reporter ${shown[1].name}=FILE`,
    );
  const open = reports.map(
    ({ name, file }): { reporter: Reporter; say: (text: string) => void } => ({
      reporter: REPORTERS[name],
      say: sink(file),
    }),
  );
  const results: ScenarioResult[] = [];
  return {
    begin: count => {
      for (const { reporter, say } of open) say(reporter.head?.(count) ?? '');
    },
    add: (result, more) => {
      const told = { index: results.length, more };
      for (const { reporter, say } of open) say(reporter.each?.(result, told) ?? '');
      results.push(result);
    },
    end: end => {
      const pages = folder === null ? [] : writeFailed(results, folder);
      if (shown.every(({ name }) => name === 'list'))
        for (const path of pages) process.stdout.write(`see ${path}\n`);
      for (const { reporter, say } of open) say(reporter.tail?.(results, end) ?? '');
    },
  };
}

/** Where a report goes; a file is emptied at once, so that one that can’t be written is told. */
function sink(file: string | null): (text: string) => void {
  if (file === null) return text => process.stdout.write(text);
  const write = (text: string, flag: 'w' | 'a'): void => {
    try {
      writeFileSync(file, text, { flag });
    } catch (error) {
      throw usageError(`the report can’t be written: ${(error as Error).message}`);
    }
  };
  write('', 'w');
  return text => write(text, 'a');
}
