import { summaryLine } from './list.ts';
import type { Reporter } from './reporter.ts';
import { againCommand, failedAsserts } from './result.ts';

/** Workflow commands of GitHub Actions: what failed shows at its line of the scenario file. */
export const githubReporter: Reporter = {
  each: result =>
    failedAsserts(result)
      .map(({ file, line, text, found }) => {
        const where = `file=${property(file)},line=${line},title=${property(result.id)}`;
        const why = result.violations.map(({ rule, sentence }) => `${rule}: ${sentence}`);
        const lines = [`expected ${text}: ${found}`, ...why, againCommand(result)];
        return `::error ${where}::${data(lines.join('\n'))}\n`;
      })
      .join(''),
  tail: (results, { skipped }) => `${summaryLine(results, skipped)}\n`,
};

const data = (text: string): string =>
  text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');

const property = (text: string): string => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
