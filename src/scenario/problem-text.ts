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

function frameOf(line: string, { at }: Problem): string[] {
  const number = String(at.line).padStart(4);
  const length = Math.max(1, Math.min(at.length, line.length - at.column + 1));
  return [`> ${number} | ${line}`, `       | ${' '.repeat(at.column - 1)}${'^'.repeat(length)}`];
}
