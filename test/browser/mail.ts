/** A drawing of the mail as its lines of text. */
export type Drawing = readonly string[];

const ROW = /^\s*\[CPU\].*\[Device\]/;

/** All drawings of the mail with a row of hardware, in order: the lines around each row. */
export function drawingsIn(mail: string): Drawing[] {
  const lines = mail.split('\n');
  return lines.flatMap((line, at) => {
    if (!ROW.test(line)) return [];
    let first = at;
    while (first > 0 && isDrawn(lines[first - 1])) first--;
    let end = at + 1;
    while (end < lines.length && (isDrawn(lines[end]) || isDrawn(lines[end + 1] ?? ''))) end++;
    return [lines.slice(first, end)];
  });
}

/** A line of a drawing is set in, and has no sentence: two words with one space at most twice. */
const isDrawn = (line: string): boolean => /^\s{2,}\S/.test(line) && !/[.?]\s*$/.test(line);

/** A text of a drawing with the column of its middle. */
export interface Word {
  readonly text: string;
  readonly line: number;
  readonly middle: number;
}

/** The texts of a drawing: what two spaces or dashes set apart. The row is line 0. */
export function wordsOf(drawing: Drawing): Word[] {
  const row = drawing.findIndex(line => ROW.test(line));
  return drawing.flatMap((line, at) =>
    [...line.matchAll(/\[[^\]]*\]|[^\s[\]|^-]+(?: [^\s[\]|^-]+)*/g)].flatMap(
      ({ 0: text, index }) =>
        /^v$/.test(text) ? [] : [{ text, line: at - row, middle: index + text.length / 2 }],
    ),
  );
}

/** The column of the boundary: the bar inside a box of the row. */
export function boundaryOf(drawing: Drawing): number {
  const row = drawing.find(line => ROW.test(line)) ?? '';
  return row.indexOf('|');
}
