import { SaxesParser } from 'saxes';
import { describe, expect, test } from 'vitest';
import { findScenarios, readRelative, readText } from '../../src/cli/files.ts';
import { RULE_ORDER } from '../../src/model/rules.ts';
import { REPORTERS, type ReporterName } from '../../src/report/reporters.ts';
import { againCommand, type ScenarioResult } from '../../src/report/result.ts';
import { runScenario } from '../../src/runner/run-scenario.ts';
import { loadScenario } from '../../src/scenario/load.ts';

const SID = 'scenarios/regressions/sid-01-no-source-check.yaml';

/** The line of the file, counted from 1, that has a text. */
const lineOf = (text: string): number =>
  readText(SID)
    .split('\n')
    .findIndex(line => line.includes(text)) + 1;
const ATTACK_LINE = lineOf('kind: dma-write');
const OWNER_LINE = lineOf('da: {');

/** Results of a file, with what it expects of itself changed. */
function resultsOf(file: string, change = (text: string): string => text): ScenarioResult[] {
  const loaded = loadScenario(file, change(readText(file)), readRelative);
  expect(loaded.problems).toEqual([]);
  return loaded.scenarios.map(runScenario);
}

/** One variant fails, for three reasons; the other passes. */
const RESULTS = resultsOf(SID, text =>
  text
    .replace('isolated: false', 'isolated: true')
    .replace(/- violation: .*/, '- lost: db.0')
    .replaceAll('broken', '"<broken> & #1, 100%"'),
);

const END = { version: '1.2.3', skipped: 0, interrupted: false };

/** A report as a whole. */
function reported(name: ReporterName, results = RESULTS): string {
  const { head, each, tail } = REPORTERS[name] as Required<(typeof REPORTERS)['ktap']>;
  return [
    head?.(results.length) ?? '',
    ...results.map((result, index) => each?.(result, { index, more: [] }) ?? ''),
    tail?.(results, END) ?? '',
  ].join('');
}

test('the results are what the tests take them for', () => {
  expect(RESULTS.map(({ pass }) => pass)).toEqual([false, true]);
  expect(RESULTS[0].id).toBe('sid-01-no-source-check[design=<broken> & #1, 100%]');
  expect(RESULTS[0].asserts.filter(({ pass }) => !pass).length).toBe(3);
});

describe('every reporter', () => {
  test.each(Object.keys(REPORTERS) as ReporterName[])('%s gives equal bytes again', name => {
    const text = reported(name);
    expect(reported(name, RESULTS)).toBe(text);
    expect(text.endsWith('\n')).toBe(true);
    expect(text).not.toMatch(/undefined|\[object/);
  });
});

test('json has the keys that are promised', () => {
  const report = JSON.parse(reported('json'));
  expect(report.format).toBe('irqscope-report/1');
  const [failed] = report.results;
  const keys = ['id', 'file', 'cell', 'pass', 'isolated', 'works', 'violations', 'asserts'];
  expect(Object.keys(failed)).toEqual(expect.arrayContaining([...keys, 'stats', 'traceHash']));
  const [violation] = failed.violations;
  expect(violation).toMatchObject({
    rule: 'isolation/foreign-entry',
    severity: 'error',
    step: 5,
    at: { by: 'a', label: 'foreign', file: SID, line: ATTACK_LINE },
    effect: { target: 'p2', vector: 0x21, mode: 'fixed' },
  });
  expect(violation.evidence.at(-2)).toMatchObject({
    kind: 'policy',
    at: { file: SID, line: OWNER_LINE },
  });
  expect(failed.id.startsWith('sid-01-no-source-check')).toBe(true);
  expect(failed.traceHash).toMatch(/^[0-9a-f]{64}$/);
});

interface Tag {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  text: string;
}

/** The elements of a document in order; throws where it is not well-formed. */
function elements(xml: string): Tag[] {
  const tags: Tag[] = [];
  const open: Tag[] = [];
  const parser = new SaxesParser();
  parser.on('error', error => {
    throw error;
  });
  parser.on('opentag', ({ name, attributes }) => {
    tags.push({ name, attributes: attributes as Record<string, string>, text: '' });
    open.push(tags[tags.length - 1]);
  });
  parser.on('text', text => {
    const last = open.at(-1);
    if (last) last.text += text;
  });
  parser.on('closetag', () => open.pop());
  parser.write(xml).close();
  return tags;
}

test('junit is well-formed, and counts what it holds', () => {
  const tags = elements(reported('junit'));
  expect(tags.map(({ name }) => name)).toEqual([
    'testsuites',
    'testsuite',
    'testcase',
    'failure',
    'testcase',
  ]);
  const [all, suite, failed, failure, passed] = tags;
  const counts = { tests: '2', failures: '1', errors: '0' };
  expect(all.attributes).toEqual({ name: 'irqscope', ...counts });
  expect(suite.attributes).toEqual({ name: SID, ...counts, skipped: '0' });
  expect(failed.attributes).toEqual({ name: RESULTS[0].id, classname: SID });
  expect(passed.attributes.name).toBe('sid-01-no-source-check[design=fixed]');
  expect(failure.attributes.type).toBe('isolation/foreign-entry');
  expect(failure.text).toContain(againCommand(RESULTS[0]));
});

describe('sarif', () => {
  const log = JSON.parse(reported('sarif'));
  const [run] = log.runs;

  test('has one run of one tool, which knows every rule', () => {
    expect(log).toMatchObject({ version: '2.1.0', runs: [{}] });
    expect(run.tool.driver).toMatchObject({ name: 'irqscope', version: '1.2.3' });
    const ids = run.tool.driver.rules.map(({ id }: { id: string }) => id);
    expect(ids).toEqual([...RULE_ORDER, 'expectation']);
  });

  test('alerts at the step, by rule, with the evidence as a flow', () => {
    const alert = run.results.find((one: { ruleId: string }) => one.ruleId.startsWith('isolation'));
    const place = { artifactLocation: { uri: SID }, region: { startLine: ATTACK_LINE } };
    expect(alert).toMatchObject({ level: 'error', locations: [{ physicalLocation: place }] });
    const { locations } = alert.codeFlows[0].threadFlows[0];
    expect(locations).toHaveLength(RESULTS[0].violations[0].evidence.length);
    for (const { location } of locations) {
      expect(location.message.text).not.toBe('');
      expect(location.physicalLocation.region.startLine).toBeGreaterThan(0);
    }
  });

  test('tells alerts apart by what they are, not by where they stand', () => {
    const prints = run.results.map(
      (one: { partialFingerprints: Record<string, string> }) =>
        one.partialFingerprints['irqscope/v1'],
    );
    expect(new Set(prints).size).toBe(prints.length);
    const moved = resultsOf(
      SID,
      text => `# a line more\n${text.replace('isolated: false', 'isolated: true')}`,
    );
    const still = resultsOf(SID, text => text.replace('isolated: false', 'isolated: true'));
    const printsOf = (results: readonly ScenarioResult[]) =>
      JSON.parse(reported('sarif', [...results])).runs[0].results.map(
        (one: { partialFingerprints: unknown }) => one.partialFingerprints,
      );
    expect(printsOf(moved)).toEqual(printsOf(still));
    expect(printsOf(still).length).toBeGreaterThan(1);
  });

  test('is silent about what files expect', () => {
    const results = resultsOf(SID);
    expect(results[0].violations.length).toBeGreaterThan(0);
    expect(JSON.parse(reported('sarif', results)).runs[0].results).toEqual([]);
  });
});

test('ktap has a version, a plan, and a numbered line for each result', () => {
  const lines = reported('ktap').trimEnd().split('\n');
  expect(lines.slice(0, 2)).toEqual(['KTAP version 1', '1..2']);
  const results = lines.slice(2).filter(line => !line.startsWith('# '));
  for (const line of results) expect(line).toMatch(/^(not )?ok \d+ [^#]+ # [^#]+$/);
  expect(results).toEqual([
    'not ok 1 sid-01-no-source-check[design=<broken> &  1, 100%] # not isolated, works',
    'ok 2 sid-01-no-source-check[design=fixed] # isolated, works',
  ]);
});

test('github has a command on one line for each thing that failed', () => {
  const lines = reported('github').trimEnd().split('\n');
  const commands = lines.filter(line => line.startsWith('::'));
  expect(commands).toHaveLength(3);
  for (const command of commands) {
    const [, , properties, ...message] = command.split(':');
    expect(properties).toContain('title=sid-01-no-source-check[design=<broken> & #1%2C 100%25]');
    expect(properties).toMatch(/^error file=[^,]+,line=\d+,title=[^,]+$/);
    expect(message.join(':')).toMatch(/^:?expected .*%0A/);
  }
  expect(lines.at(-1)).toBe('1 passed, 1 failed');
});

test('the way back is one word for each argument, whatever a variant is called', () => {
  expect(againCommand({ file: 'a b.yaml', cell: { x: "it's" }, seed: 3 })).toBe(
    "irqscope run 'a b.yaml' --cell 'x=it'\\''s' --seed 3",
  );
});

test('every shipped scenario comes out as its file says, with evidence for every violation', () => {
  for (const file of findScenarios(['scenarios']))
    for (const result of resultsOf(file)) {
      expect(result.asserts.filter(({ pass }) => !pass)).toEqual([]);
      for (const { rule, severity, at, evidence, sentence } of result.violations) {
        expect(sentence, result.id).not.toBe('');
        if (severity !== 'error') continue;
        expect(at, `${result.id} ${rule}`).not.toBeNull();
        expect(evidence.length, `${result.id} ${rule}`).toBeGreaterThan(0);
      }
    }
});
