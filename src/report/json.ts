import type { Reporter } from './reporter.ts';

/** Name and version of the report’s shape. */
export const REPORT_FORMAT = 'irqscope-report/1';

/** For programs: one document, equal bytes for equal scenarios. */
export const jsonReporter: Reporter = {
  tail: (results, { version, skipped, interrupted }) => {
    const tool = { name: 'irqscope', version };
    const cut = skipped > 0 ? { skipped, interrupted } : {};
    return `${JSON.stringify({ format: REPORT_FORMAT, tool, ...cut, results }, null, 2)}\n`;
  },
};
