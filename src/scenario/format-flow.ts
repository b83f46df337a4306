import { CST, Lexer } from 'yaml';

/** Tokens of a text that are not in the text. */
const MARKS = new Set<string>([CST.BOM, CST.DOCUMENT, CST.FLOW_END, CST.SCALAR]);

const OPENING = new Set(['{', '[']);
const CLOSING = new Set(['}', ']']);

/** What stands between two tokens inside braces or brackets; null where it stays as it is. */
function gapBetween(before: string, after: string): string | null {
  if (before === '{') return after === '}' ? '' : ' ';
  if (before === '[' || after === ']' || after === ',') return '';
  if (after === '}' || before === ',' || before === ':') return ' ';
  if (after === ':') return before.startsWith('*') ? null : '';
  return null;
}

/** A text whose braces, brackets, commas and colons have the same spaces everywhere. */
export function formatFlow(text: string): string {
  const parts: string[] = [];
  let depth = 0;
  let before = '';
  let gap = '';
  for (const token of new Lexer().lex(text)) {
    if (MARKS.has(token)) continue;
    if (/^[ \t]+$/.test(token) && depth > 0 && before !== '\n') {
      gap += token;
      continue;
    }
    const inside = depth > 0 && before !== '\n' && token !== '\n' && !token.startsWith('#');
    parts.push(inside ? (gapBetween(before, token) ?? gap) : gap, token);
    gap = '';
    if (OPENING.has(token)) depth++;
    if (CLOSING.has(token)) depth--;
    before = token.endsWith('\n') ? '\n' : token;
    if (depth > 0 && /^\s+$/.test(token)) before = '\n';
  }
  return parts.join('') + gap;
}
