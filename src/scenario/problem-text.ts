import type { Problem } from './problem.ts';

/**
 * A problem as people read it: place, code, message, the line itself with the wrong part marked,
 * and a way out.
 */
export function problemText(problem: Problem, source: string | null): string {
  const { at, severity, code, message, hint } = problem;
  const head = `${at.file}:${at.line}:${at.column} ${severity}[${code}] ${message}`;
  const line = source?.split('\n')[at.line - 1];
  const frame = line === undefined ? [] : frameOf(line, problem);
  return [head, ...frame, ...(hint ? [`      = ${hint}`] : [])].join('\n');
}

/** The line and what marks the place on it; tabs stay tabs, so that the mark stands right. */
function frameOf(line: string, { at }: Problem): string[] {
  const text = line.replace(/\r$/, '');
  const number = String(at.line).padStart(4);
  const length = Math.max(1, Math.min(at.length, text.length - at.column + 1));
  const before = text.slice(0, at.column - 1).replaceAll(/[^\t]/g, ' ');
  return [`> ${number} | ${text}`, `       | ${before}${'^'.repeat(length)}`];
}
