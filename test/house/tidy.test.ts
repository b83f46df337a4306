import { describe, expect, test } from 'vitest';
import { SOURCES } from '../../src/arch/sources.ts';
import {
  filesUnder,
  type Module,
  modulesUnder,
  type Node,
  placeOf,
  type SourceFile,
  visit,
  visitOutermost,
} from './source.ts';

/*
 * Style as a test. Every message says where, and what to do instead.
 */

const FILE_LINES_MAX = 400;
const FUNCTION_LINES_MAX = 70;
const SWITCH_LINES_MAX = 100;
const LINE_MAX = 100;
/** A literal this long can’t be broken well, and may pass the end of a line. */
const LITERAL_MIN = 40;

const texts = filesUnder(['src', 'test', 'web', 'scenarios'], '.ts', '.css', '.md', '.yaml', '.c');
const modules = modulesUnder(['src', 'test', 'web']);
const source = modules.filter(({ path }) => path.startsWith('src/'));

test('there is something to look at', () => {
  expect(texts.length).toBeGreaterThan(300);
  expect(source.length).toBeGreaterThan(200);
});

test('files are short', () => {
  const long = texts
    .filter(({ path }) => /\.(ts|css)$/.test(path))
    .filter(({ lines }) => lines.length - 1 > FILE_LINES_MAX)
    .map(
      ({ path, lines }) => `${path}: ${lines.length - 1} lines; split it by what changes together`,
    );
  expect(long).toEqual([]);
});

test('lines are short', () => {
  const styles = texts.filter(({ path }) => path.endsWith('.css'));
  const long = [...modules.map(templated), ...styles.map(plain)].flatMap(({ file, templates }) => {
    let start = 0;
    return file.lines.flatMap((line, i) => {
      const at = start;
      start += line.length + 1;
      const inside = templates.some(one => one.start <= at + LINE_MAX && at + LINE_MAX <= one.end);
      if (line.length <= LINE_MAX || hasLongLiteral(line) || inside) return [];
      return [`${file.path}:${i + 1}: break the line`];
    });
  });
  expect(long).toEqual([]);
});

const plain = (file: SourceFile): { file: SourceFile; templates: readonly Node[] } => ({
  file,
  templates: [],
});
const templated = (file: Module) => ({ file, templates: templatesOf(file) });

/** Texts that go over several lines, which break where they must. */
function templatesOf({ program }: Module): Node[] {
  const found: Node[] = [];
  visit(program, node => {
    if (node.type === 'TemplateLiteral') found.push(node);
  });
  return found;
}

const hasLongLiteral = (line: string): boolean =>
  [...line.matchAll(/'[^']*'|`[^`]*`|"[^"]*"|\/[^/]+\/[a-z]*/g)].some(
    ([literal]) => literal.length >= LITERAL_MIN,
  );

const isFunction = ({ type }: Node): boolean =>
  type === 'FunctionDeclaration' ||
  type === 'ArrowFunctionExpression' ||
  type === 'FunctionExpression';

/** Calls whose last argument is a list of tests, not a function to be read as one. */
const isSuite = ({ text }: Module, { type, callee }: Node): boolean => {
  if (type !== 'CallExpression') return false;
  const { start, end } = callee as Node;
  return /^describe/.test(text.slice(start, end));
};

/** Lines of a function: those of functions that have a name within it are their own. */
function ownLines({ text }: Module, node: Node): number {
  const count = ({ start, end }: Node): number => text.slice(start, end).split('\n').length;
  let inner = 0;
  const look = (child: Node): void => {
    if (child === node) return;
    const named = child.type === 'VariableDeclarator' ? (child.init as Node | null) : child;
    if (named && isFunction(named) && named.type !== 'ArrowFunctionExpression')
      inner += count(named);
    else if (named && named !== child && isFunction(named)) inner += count(named);
  };
  visitOutermost(node.body as Node, look);
  return count(node) - inner;
}

/** Whether a function does nothing but tell cases apart: each of them is read by itself. */
function isSwitch({ body }: Node): boolean {
  const statements = ((body as Node).body ?? []) as Node[];
  return Array.isArray(statements) && statements.at(-1)?.type === 'SwitchStatement';
}

test('functions fit a screen', () => {
  const long = modules.flatMap(module => {
    const suites = new Set<unknown>();
    const found: string[] = [];
    visit(module.program, node => {
      if (isSuite(module, node))
        for (const argument of node.arguments as Node[]) suites.add(argument);
      if (!isFunction(node) || suites.has(node)) return;
      const lines = ownLines(module, node);
      const max = isSwitch(node) ? SWITCH_LINES_MAX : FUNCTION_LINES_MAX;
      if (lines > max)
        found.push(`${placeOf(module, node.start)}: ${lines} lines; give a part of it a name`);
    });
    return found;
  });
  expect(long).toEqual([]);
});

/** What a function works in: it comes first, and is always the same. */
const WORLD = ['env', 'state', 'out', 'ctx', 'layer', 'machine', 'trace', 'ledger', 'linker'];
const PARAMS_MAX = 4;
/** Where a record made for each call was measured to be slow. */
const MEASURED = /^src\/engine\/(agenda|kernel|wheel)\.ts$/;

test('functions take few arguments; more are one record', () => {
  const many = source
    .filter(({ path }) => !MEASURED.test(path))
    .flatMap(module => {
      const found: string[] = [];
      visit(module.program, node => {
        if (!isFunction(node)) return;
        const own = (node.params as Node[]).filter(({ name }) => !WORLD.includes(String(name)));
        if (own.length > PARAMS_MAX)
          found.push(
            `${placeOf(module, node.start)}: ${own.length} parameters; make some a record`,
          );
      });
      return found;
    });
  expect(many).toEqual([]);
});

/** What must not be in the code, where, and what to do instead. */
const BANNED: readonly { word: RegExp; where: RegExp; instead: string }[] = [
  {
    word: /\b(TODO|FIXME|XXX|HACK)\b/,
    where: /./,
    instead: 'do it, or say plainly what is not done',
  },
  {
    word: /(^|[^\w.])\/(work|home|root|Users)\//,
    where: /./,
    instead: 'write a path in the project',
  },
  { word: /@ts-(ignore|nocheck)/, where: /./, instead: 'mend the type' },
  { word: /\bdebugger\b/, where: /\.ts$/, instead: 'leave it out' },
  { word: /\bconsole\./, where: /^src\//, instead: 'emit a record, or return the text' },
  {
    word: /\b(new Date|Date\.|Math\.random|performance\.now|setTimeout|setInterval)/,
    where: /^src\/(?!cli\/)/,
    instead: 'time is the agenda’s and chance the choice door’s',
  },
  { word: /\bprocess\./, where: /^src\/(?!cli\/)/, instead: 'take it as an argument' },
  {
    word: /\.(only|skip|skipIf|todo)\b\(?/,
    where: /^test\/(?!tools\.ts|house\/).*\.ts$/,
    instead: 'declare the test with describeWith or testShared, so that it is told when left out',
  },
];

test('nothing is in the code that must not be', () => {
  const found = texts
    .filter(({ path }) => path !== 'test/house/tidy.test.ts')
    .flatMap(({ path, lines }) =>
      lines.flatMap((line, i) =>
        BANNED.filter(({ word, where }) => where.test(path) && word.test(line)).map(
          ({ word, instead }) => `${path}:${i + 1}: ${word.exec(line)?.[0].trim()}; ${instead}`,
        ),
      ),
    );
  expect(found).toEqual([]);
});

describe('of every module', () => {
  const complaints = (look: (module: Module, node: Node) => string | null): string[] =>
    modules.flatMap(module => {
      const found: string[] = [];
      visit(module.program, node => {
        const text = look(module, node);
        if (text) found.push(`${placeOf(module, node.start)}: ${text}`);
      });
      return found;
    });

  test('no default exports', () => {
    const found = complaints(({ path }, { type }) =>
      type === 'ExportDefaultDeclaration' && !path.endsWith('.config.ts')
        ? 'export it by its name'
        : null,
    );
    expect(found).toEqual([]);
  });

  test('no any', () => {
    const found = complaints((_, { type }) =>
      type === 'TSAnyKeyword' ? 'any; say what it is, or unknown and look' : null,
    );
    expect(found).toEqual([]);
  });

  test('no classes in src', () => {
    const found = complaints(({ path }, { type }) =>
      type === 'ClassDeclaration' && path.startsWith('src/')
        ? 'a class; plain records and functions over them'
        : null,
    );
    expect(found).toEqual([]);
  });
});

/** Whether a comment for readers ends right before a place. */
const isDocumented = ({ text, comments }: Module, start: number): boolean =>
  comments.some(
    comment =>
      text.slice(comment.start).startsWith('/**') && text.slice(comment.end, start).trim() === '',
  );

/** Functions a module exports by a declaration. */
function exportedFunctions(program: Node): Node[] {
  return (program.body as Node[]).filter(({ type, declaration }) => {
    if (type !== 'ExportNamedDeclaration' || !declaration) return false;
    const declared = declaration as Node;
    if (declared.type === 'FunctionDeclaration') return true;
    if (declared.type !== 'VariableDeclaration') return false;
    return (declared.declarations as Node[]).some(({ init }) => init && isFunction(init as Node));
  });
}

test('every exported function says what it means', () => {
  const bare = modules
    .filter(({ path }) => /^(src|web)\//.test(path))
    .flatMap(module =>
      exportedFunctions(module.program)
        .filter(node => !isDocumented(module, node.start))
        .map(
          node => `${placeOf(module, node.start)}: write what it means, in units and errors too`,
        ),
    );
  expect(bare).toEqual([]);
});

describe('citations', () => {
  const keys = Object.keys(SOURCES);
  const CITATION = /\[([A-Z][A-Z]+) [\w§./-][^\]]*\]/g;
  const FIELD = /\bsource: '([A-Z]+) /g;

  test('go by the keys of src/arch/sources.ts', () => {
    const found = source.flatMap(module => {
      const cited = module.comments.flatMap(({ start, end }) =>
        [...module.text.slice(start, end).matchAll(CITATION)].map(match => ({
          at: start + match.index,
          key: match[1],
        })),
      );
      const fields = [...module.text.matchAll(FIELD)].map(({ index, 1: key }) => ({
        at: index,
        key,
      }));
      return [...cited, ...fields]
        .filter(({ key }) => !keys.includes(key))
        .map(
          ({ at, key }) =>
            `${placeOf(module, at)}: ${key} is not in src/arch/sources.ts; add it, or use ${keys.join(', ')}`,
        );
    });
    expect(found).toEqual([]);
  });

  test('are in every table of facts', () => {
    const bare = source
      .filter(({ path }) => path.startsWith('src/arch/') && !path.endsWith('/sources.ts'))
      .filter(
        ({ text }) => !keys.some(key => text.includes(`${key} `) || text.includes(`[${key}]`)),
      )
      .map(({ path }) => `${path}: say where its facts are from`);
    expect(bare).toEqual([]);
  });

  test('use every source of the list', () => {
    const all = modules
      .map(({ path, text }) => (path === 'src/arch/sources.ts' ? '' : text))
      .join('\n');
    expect(keys.filter(key => !new RegExp(`\\b${key}\\b`).test(all))).toEqual([]);
  });
});
