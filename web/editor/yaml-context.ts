/**
 * Where in a YAML document the cursor stands, found in a text that is being written and may be
 * wrong: block maps and lists by their indentation, flow ones by their brackets.
 */
export interface Cursor {
  /** Keys and indices that lead to the map, list or value the cursor is in. */
  readonly path: readonly (string | number)[];
  /** `key`: a key of the map at `path` is being written. `value`: the value at `path`. */
  readonly kind: 'key' | 'value';
  /** What is written of it so far, and where that begins. */
  readonly typed: string;
  readonly from: number;
  /** Keys the map has already, and their values where those are on the same line. */
  readonly siblings: ReadonlyMap<string, string>;
}

/** A map or list that is open at the cursor. */
interface Frame {
  readonly kind: 'map' | 'list';
  readonly flow: boolean;
  /** Column of its keys or dashes; of no meaning in flow. */
  readonly column: number;
  /** The key or index whose value comes next. */
  at: string | number;
  readonly siblings: Map<string, string>;
}

const KEY = /^("[^"]*"|'[^']*'|[^\s"'{}[\],#&*!|>%@`][^:#{}[\],]*?)\s*:(?=\s|$)/;
const BLOCK_TEXT = /^[|>][-+\d]*\s*(#.*)?$/;

const frame = (kind: Frame['kind'], flow: boolean, column: number): Frame => ({
  kind,
  flow,
  column,
  at: kind === 'list' ? -1 : '',
  siblings: new Map(),
});

const unquoted = (text: string): string => text.replace(/^(["'])(.*)\1$/, '$2');

/** The part of a line that is no comment. */
const withoutComment = (line: string): string => line.replace(/(^|\s)#.*$/, '');

/** Where a position of a text is. */
export function cursorAt(text: string, position: number): Cursor {
  const start = text.lastIndexOf('\n', position - 1) + 1;
  const frames: Frame[] = [];
  let skipDeeper = -1;
  for (const line of text.slice(0, start).split('\n').slice(0, -1)) {
    const column = indentOf(line);
    if (skipDeeper >= 0 && (line.trim() === '' || column > skipDeeper)) continue;
    skipDeeper = -1;
    const rest = takeLine(frames, withoutComment(line));
    if (BLOCK_TEXT.test(rest)) skipDeeper = column;
  }
  const typedLine = text.slice(start, position);
  const after = text.slice(position);
  return cursorIn(frames, { line: typedLine, start, position, after });
}

const indentOf = (line: string): number => line.length - line.trimStart().length;

const inFlow = (frames: readonly Frame[]): boolean => frames.at(-1)?.flow ?? false;

/** Takes a whole line; what is left is the value that ends it. */
function takeLine(frames: Frame[], line: string): string {
  if (line.trim() === '') return '';
  if (inFlow(frames)) {
    takeFlow(frames, line);
    return '';
  }
  const rest = takeBlock(frames, line);
  if (/^[{[]/.test(rest)) takeFlow(frames, rest);
  return rest;
}

/** Opens, continues and ends block maps and lists by the indentation of a line. */
function takeBlock(frames: Frame[], line: string): string {
  let column = indentOf(line);
  let rest = line.slice(column);
  closeDeeper(frames, column, /^-(\s|$)/.test(rest));
  for (let dash = /^-(\s+|$)/.exec(rest); dash; dash = /^-(\s+|$)/.exec(rest)) {
    const list = frames.at(-1);
    if (list?.kind === 'list' && list.column === column) list.at = Number(list.at) + 1;
    else frames.push({ ...frame('list', false, column), at: 0 });
    column += dash[0].length;
    rest = rest.slice(dash[0].length);
  }
  const key = KEY.exec(rest);
  if (!key) return rest;
  const map = frames.at(-1);
  const open = map?.kind === 'map' && map.column === column ? map : frame('map', false, column);
  if (open !== map) frames.push(open);
  const name = unquoted(key[1]);
  const value = rest.slice(key[0].length).trim();
  open.at = name;
  open.siblings.set(name, unquoted(value));
  return value;
}

/** Ends what is deeper than a column; a list may stand as deep as the key it belongs to. */
function closeDeeper(frames: Frame[], column: number, isItem: boolean): void {
  for (let last = frames.at(-1); last; last = frames.at(-1)) {
    const stays = last.kind === 'list' && !isItem ? last.column < column : last.column <= column;
    if (stays) return;
    frames.pop();
  }
}

const FLOW =
  /"(?:[^"\\]|\\.)*"|'[^']*'|[{}[\],]|:(?=\s|$)|[^\s"'{}[\],:]+(?::(?=\S)[^\s{}[\],:]*)*|\s+/g;

/** Opens and ends flow maps and lists; what is written since the last sign is returned. */
function takeFlow(frames: Frame[], text: string): { typed: string; from: number } {
  let typed = '';
  let from = 0;
  for (const { 0: token, index } of text.matchAll(FLOW)) {
    const top = frames.at(-1);
    if (token === '{' || token === '[') {
      const open = frame(token === '{' ? 'map' : 'list', true, 0);
      if (open.kind === 'list') open.at = 0;
      frames.push(open);
    } else if (token === '}' || token === ']') {
      if (top?.flow) frames.pop();
    } else if (token === ',') {
      if (top?.flow) top.at = top.kind === 'list' ? Number(top.at) + 1 : '';
    } else if (token === ':') {
      if (top?.flow && top.kind === 'map') {
        top.at = unquoted(typed.trim());
        top.siblings.set(top.at, '');
      }
    } else {
      if (token.trim() !== '' && top?.flow && top.kind === 'map' && top.at !== '')
        top.siblings.set(String(top.at), unquoted(token));
      if (typed === '' && token.trim() === '') continue;
      if (typed === '') from = index;
      typed += token;
      continue;
    }
    typed = '';
    from = index + token.length;
  }
  if (typed === '') from = text.length;
  return { typed, from };
}

interface Here {
  readonly line: string;
  readonly start: number;
  readonly position: number;
  readonly after: string;
}

function cursorIn(frames: Frame[], here: Here): Cursor {
  const { line, start } = here;
  if (inFlow(frames)) return inFlowAt(frames, here, { text: line, offset: start });
  const column = indentOf(line);
  const content = line.slice(column);
  const rest = takeBlock(frames, line);
  const flowStart = /^[{[]/.test(rest) ? line.length - line.trimEnd().length : -1;
  if (flowStart >= 0) {
    const offset = start + line.lastIndexOf(rest);
    return inFlowAt(frames, here, { text: rest, offset });
  }
  const key = KEY.exec(content.replace(/^(-\s+)+/, ''));
  const map = frames.at(-1);
  if (key && map?.kind === 'map') {
    const typed = rest;
    return cursor(frames, here, { kind: 'value', typed, from: here.position - typed.length });
  }
  const typed = rest.trimStart();
  const from = here.position - typed.length;
  const own = from - start;
  const block = ownMap(frames, own);
  addLater(block.siblings, here, own);
  return { path: pathOf(frames), kind: 'key', typed, from, siblings: block.siblings };
}

/** The map a new key at a column belongs to; it is opened where there is none yet. */
function ownMap(frames: Frame[], column: number): Frame {
  const top = frames.at(-1);
  if (top?.kind === 'map' && !top.flow && top.column >= column) {
    top.at = '';
    return top;
  }
  const fresh = frame('map', false, column);
  frames.push(fresh);
  return fresh;
}

function inFlowAt(
  frames: Frame[],
  here: Here,
  at: { readonly text: string; readonly offset: number },
): Cursor {
  const { typed, from } = takeFlow(frames, at.text);
  const top = frames.at(-1);
  const start = at.offset + from;
  if (!top?.flow) return cursor(frames, here, { kind: 'value', typed, from: start });
  if (top.kind === 'list') return cursor(frames, here, { kind: 'value', typed, from: start });
  if (top.at !== '') {
    top.siblings.delete(String(top.at));
    return cursor(frames, here, { kind: 'value', typed, from: start });
  }
  addLaterInFlow(top.siblings, here.after);
  return cursor(frames, here, { kind: 'key', typed, from: start });
}

const cursor = (
  frames: readonly Frame[],
  here: Here,
  what: Pick<Cursor, 'kind' | 'typed' | 'from'>,
): Cursor => ({
  ...what,
  from: Math.min(what.from, here.position),
  path: pathOf(frames),
  siblings: frames.at(-1)?.siblings ?? new Map(),
});

/** Keys and indices of open frames; the one a key is written in has none yet. */
const pathOf = (frames: readonly Frame[]): (string | number)[] =>
  frames.map(({ at }) => at).filter(at => at !== '');

/** Keys of a block map that follow the cursor. */
function addLater(siblings: Map<string, string>, { after }: Here, column: number): void {
  for (const line of after.split('\n').slice(1)) {
    if (line.trim() === '' || line.trim().startsWith('#')) continue;
    const indent = indentOf(line);
    if (indent < column) return;
    const key = indent === column ? KEY.exec(line.slice(indent)) : null;
    if (key) siblings.set(unquoted(key[1]), unquoted(line.slice(indent + key[0].length).trim()));
  }
}

function addLaterInFlow(siblings: Map<string, string>, after: string): void {
  const rest = after.slice(0, after.search(/[}\n]/) >>> 0);
  for (const [, key] of rest.matchAll(/([A-Za-z][\w-]*)\s*:(?=\s|$)/g)) siblings.set(key, '');
}
