import { evidenceLines } from './list.ts';
import type { Reporter } from './reporter.ts';
import { againCommand, failedAsserts, type ScenarioResult, verdictText } from './result.ts';

/**
 * JUnit XML, as CI servers read it: a suite for each file, a test case for each variant. There are
 * no times: a report of the same scenarios has the same bytes.
 */
export const junitReporter: Reporter = {
  tail: results => {
    const files = [...new Set(results.map(({ file }) => file))];
    const suites = files.map(file =>
      suite(
        file,
        results.filter(result => result.file === file),
      ),
    );
    const counts = countsOf(results);
    return [
      '<?xml version="1.0" encoding="UTF-8"?>',
      `<testsuites name="irqscope" ${counts}>`,
      ...suites,
      '</testsuites>',
      '',
    ].join('\n');
  },
};

function countsOf(results: readonly ScenarioResult[]): string {
  const failures = results.filter(({ pass }) => !pass).length;
  return `tests="${results.length}" failures="${failures}" errors="0"`;
}

const suite = (file: string, results: readonly ScenarioResult[]): string =>
  [
    `  <testsuite name="${xmlText(file)}" ${countsOf(results)} skipped="0">`,
    ...results.map(testCase),
    '  </testsuite>',
  ].join('\n');

function testCase(result: ScenarioResult): string {
  const open = `    <testcase name="${xmlText(result.id)}" classname="${xmlText(result.file)}"`;
  if (result.pass) return `${open} />`;
  const failed = failedAsserts(result);
  const lines = [
    ...failed.map(({ file, line, text, found }) => `${file}:${line} expected ${text}: ${found}`),
    verdictText(result),
    ...evidenceLines(result),
    againCommand(result),
  ];
  const type = result.violations[0]?.rule ?? 'expectation';
  const message = failed[0]?.text ?? '';
  return [
    `${open}>`,
    `      <failure type="${xmlText(type)}" message="${xmlText(message)}">`,
    xmlText(lines.join('\n')),
    '      </failure>',
    '    </testcase>',
  ].join('\n');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};

/** A text as XML may hold it: characters that XML 1.0 knows not at all are left out. */
const xmlText = (text: string): string =>
  text.replaceAll(/[&<>"]/g, sign => ENTITIES[sign]).replaceAll(/[^\t\n\r\u0020-\ufffd]/gu, '');
