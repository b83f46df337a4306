import type { ZodError, ZodType } from 'zod';

const NAME = 'BadLine';

/** The error for a line that cannot be translated; `message` names the field and what it should be. */
export const badLine = (message: string): Error =>
  Object.assign(new Error(message), { name: NAME });

/** True for errors made by `badLine`: the input is at fault, not the program. */
export const isBadLine = (error: unknown): error is Error =>
  error instanceof Error && error.name === NAME;

/** Name of a place inside a line, such as `steps[3].cpu`; `line` for the line itself. */
export function fieldName(path: readonly PropertyKey[]): string {
  const name = path.map(key => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('');
  return name === '' ? 'line' : name.replace(/^\./, '');
}

/** `line` in the shape of `schema`; throws `badLine` for the first fault and the number of others. */
export function parseLine<T>(schema: ZodType<T>, line: unknown): T {
  const parsed = schema.safeParse(line);
  if (parsed.success) return parsed.data;
  throw badLine(firstFault(parsed.error));
}

function firstFault(error: ZodError): string {
  const [first, ...others] = error.issues;
  const more = others.length === 0 ? '' : ` (and ${others.length} more)`;
  return `${fieldName(first.path)}: ${first.message}${more}`;
}
