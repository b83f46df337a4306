import { type Document, isCollection, isScalar, visit, type YAMLParseError } from 'yaml';
import type { Problem } from './problem.ts';

/** What is wrong with the YAML itself, and where in the text it begins and ends. */
export interface SyntaxProblem {
  readonly code: string;
  readonly span: readonly [number, number];
  readonly message: string;
  readonly hint: string;
}

/** Words for the mistakes people make; the library’s own serve for the others. */
const WORDS: Readonly<Record<string, Pick<Problem, 'message' | 'hint'>>> = {
  TAB_AS_INDENT: { message: 'a tab can’t indent', hint: 'use spaces' },
  DUPLICATE_KEY: {
    message: 'this key is there already',
    hint: 'each key of a map is written once: join the two, or drop one',
  },
  BAD_INDENT: {
    message: 'this line begins at a column of its own',
    hint: 'the keys of a map begin at the same column',
  },
  BLOCK_AS_IMPLICIT_KEY: {
    message: 'two colons on one line',
    hint: 'put the value in quotes, or write { key: value }',
  },
  BLOCK_IN_FLOW: { message: 'there is no comma between two keys', hint: 'put a comma between' },
  MULTILINE_IMPLICIT_KEY: {
    message: 'this line is neither key: value nor an item of a list',
    hint: 'write key: value',
  },
  BAD_SCALAR_START: { message: 'this character can’t begin a value', hint: 'use quotes' },
  BAD_ALIAS: { message: 'aliases are not used here', hint: 'put the text in quotes' },
};

/** Mistakes after which the rest of the file still means what it says. */
const HARMLESS = new Set(['DUPLICATE_KEY']);

export const isFatal = (error: YAMLParseError): boolean => !HARMLESS.has(error.code);

/** Mistakes of a document; those that only follow from an earlier one are left out. */
export function syntaxProblems(document: Document, text: string): SyntaxProblem[] {
  const { errors } = document;
  const lost = errors.findIndex(error => error.code === 'UNEXPECTED_TOKEN');
  const told = lost < 0 ? errors : errors.slice(0, lost + 1);
  return told.map(error => {
    const code = `yaml/${error.code.toLowerCase().replaceAll('_', '-')}`;
    const open = isUnclosed(error) ? openingOf(document, text, error.pos[0]) : null;
    if (open) return { code: 'yaml/unclosed', ...open };
    const words = WORDS[error.code] ?? { message: error.message, hint: '' };
    return { code, span: error.pos, ...words };
  });
}

const isUnclosed = ({ code, message }: YAMLParseError): boolean =>
  code === 'MISSING_CHAR' || (code === 'BAD_INDENT' && message.startsWith('Flow'));

const CLOSING: Readonly<Record<string, string>> = { '{': '}', '[': ']', '"': '"', "'": "'" };

/** The bracket or quote that is still open at `at`, the innermost one. */
function openingOf(
  document: Document,
  text: string,
  at: number,
): Omit<SyntaxProblem, 'code'> | null {
  let start = -1;
  visit(document, (_, node) => {
    if (!isCollection(node) && !isScalar(node)) return;
    const [from, to] = node.range ?? [0, 0];
    const closing = CLOSING[text[from]];
    if (!closing || from >= at || to < at - 1) return;
    const closed = to - from > 1 && text[to - 1] === closing;
    if (!closed || isScalar(node)) start = Math.max(start, from);
  });
  if (start < 0) return null;
  const closing = CLOSING[text[start]];
  const message = `${text[start]} is never closed`;
  return { span: [start, start + 1], message, hint: `write the ${closing} that belongs to it` };
}
