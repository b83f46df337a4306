import type { CodeFlow, Location, Log, ReportingDescriptor, Result } from 'sarif';
import { RULE_FACTS } from '../model/rule-facts.ts';
import { RULE_ORDER, RULES } from '../model/rules.ts';
import type { Violation } from '../model/violation.ts';
import type { Reporter } from './reporter.ts';
import { type AssertResult, againCommand, failedAsserts, type ScenarioResult } from './result.ts';
import { hashText } from './trace-hash.ts';

/** Rule id of an expectation that did not come true. */
const EXPECTATION = 'expectation';

/**
 * SARIF 2.1.0, as code scanning reads it: what failed, at its line, with the evidence as a code
 * flow. Fingerprints hold no line numbers, so that an alert stays itself when lines move.
 */
export const sarifReporter: Reporter = {
  tail: (results, { version }) => {
    const log: Log = {
      version: '2.1.0',
      $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
      runs: [
        {
          tool: { driver: { name: 'irqscope', version, rules: RULE_DESCRIPTORS } },
          results: results.filter(({ pass }) => !pass).flatMap(alertsOf),
          columnKind: 'utf16CodeUnits',
        },
      ],
    };
    return `${JSON.stringify(log, null, 2)}\n`;
  },
};

const RULE_DESCRIPTORS: ReportingDescriptor[] = [
  ...RULE_ORDER.map(id => ({
    id,
    shortDescription: { text: RULE_FACTS[id].means },
    help: { text: `${RULE_FACTS[id].cure} (${RULE_FACTS[id].anchor})` },
    defaultConfiguration: { level: RULES[id].severity },
  })),
  {
    id: EXPECTATION,
    shortDescription: { text: 'what a scenario expects did not come true' },
    defaultConfiguration: { level: 'error' as const },
  },
];

const alertsOf = (result: ScenarioResult): Result[] => [
  ...failedAsserts(result).map(assert => expectationAlert(result, assert)),
  ...result.violations.map(violation => violationAlert(result, violation)),
];

function expectationAlert(result: ScenarioResult, assert: AssertResult): Result {
  const { text, found, file, line } = assert;
  return {
    ruleId: EXPECTATION,
    level: 'error',
    message: { text: `${result.id}: expected ${text}: ${found}. ${againCommand(result)}` },
    locations: [locationOf(file, line)],
    partialFingerprints: fingerprint(result, EXPECTATION, text),
  };
}

function violationAlert(result: ScenarioResult, violation: Violation): Result {
  const { rule, severity, sentence, at, source } = violation;
  const step = at ? at.label || at.text : '';
  return {
    ruleId: rule,
    level: severity,
    message: { text: `${result.id}: ${sentence}. ${againCommand(result)}` },
    locations: [locationOf(at?.file ?? result.file, at?.line ?? 1)],
    codeFlows: [flowOf(result, violation)],
    partialFingerprints: fingerprint(result, rule, `${source} ${step}`),
  };
}

const flowOf = (result: ScenarioResult, { evidence }: Violation): CodeFlow => ({
  threadFlows: [
    {
      locations: evidence.map(({ text, at }) => ({
        location: {
          ...locationOf(at?.file ?? result.file, at?.line ?? 1),
          message: { text },
        },
      })),
    },
  ],
});

const locationOf = (file: string, line: number): Location => ({
  physicalLocation: {
    artifactLocation: { uri: encodeURI(file.replaceAll('\\', '/')) },
    region: { startLine: line },
  },
});

const fingerprint = (result: ScenarioResult, rule: string, what: string) => ({
  'irqscope/v1': hashText([rule, result.id, what].join('\n')),
});
