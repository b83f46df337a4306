import { failureLines } from './list.ts';
import type { Reporter } from './reporter.ts';
import { verdictText } from './result.ts';

/** KTAP, the test protocol of the Linux kernel: a line for each variant, reasons as diagnostics. */
export const ktapReporter: Reporter = {
  head: count => `KTAP version 1\n1..${count}\n`,
  each: (result, { index }) => {
    const mark = result.pass ? 'ok' : 'not ok';
    const reasons = failureLines(result).map(line => `# ${line.trim()}`);
    const line = `${mark} ${index + 1} ${plain(result.id)} # ${plain(verdictText(result))}`;
    return `${[...reasons, line].join('\n')}\n`;
  },
  tail: (_results, { interrupted }) => (interrupted ? 'Bail out! interrupted\n' : ''),
};

/** A text without the sign that ends a description. */
const plain = (text: string): string => text.replaceAll('#', ' ');
