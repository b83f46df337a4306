import { readFileSync } from 'node:fs';
import type { Plugin } from 'vite';

/** Modules of a library the page has no use for, though others refer to them. */
interface Hollow {
  readonly files: RegExp;
  /** What each of their functions does instead: a body in JavaScript. */
  readonly body: string;
}

const HOLLOW: readonly Hollow[] = [
  // Every schema offers to draw itself up, and is asked whether it can when it is made.
  {
    files: /\/zod\/v4\/core\/(json-schema-processors|to-json-schema)\.js$/,
    body: 'return undefined;',
  },
  // The page reads YAML and writes none: what editors show is the text as it stands.
  {
    files: /\/yaml\/browser\/dist\/stringify\/(?!stringifyNumber)\w+\.js$/,
    body: "throw new Error('the page writes no YAML');",
  },
];

const DECLARED = /^export (?:const|function) (\w+)/gm;
const LISTED = /^export \{([^}]+)\}/gm;

/** Names a module exports, those it has within left aside. */
function namesIn(text: string): Set<string> {
  const listed = [...text.matchAll(LISTED)].flatMap(([, names]) => names.split(','));
  const outside = listed.map(one => one.split(' as ').pop()?.trim() ?? '');
  return new Set([...text.matchAll(DECLARED)].map(([, name]) => name).concat(outside));
}

/** Leaves out what is in libraries and never called in the page. */
export const hollow = (): Plugin => ({
  name: 'hollow',
  load(id) {
    const found = HOLLOW.find(({ files }) => files.test(id));
    if (!found) return null;
    return [...namesIn(readFileSync(id, 'utf8'))]
      .map(name => `export const ${name} = () => { ${found.body} };`)
      .join('\n');
  },
});
