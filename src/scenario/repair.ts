import type { Doubt, NameKind } from './linker.ts';
import type { Position } from './problem.ts';
import { schemasAt } from './schema-paths.ts';
import type { Mistake } from './schema-problems.ts';
import { VERB_NAMES } from './schema-steps.ts';
import { type Entry, type MapNode, nodeAt, type Path, type SourceNode } from './source-tree.ts';
import { madeUp, type Stand, standIn } from './stand-in.ts';

/**
 * Mends a document the schema refuses, so that references and combinations can be checked all the
 * same: what was probably meant takes the place of what was written, anything else gets a stand-in.
 */

/** A mended document, and the kinds of names it can’t be relied on to have all of. */
export interface Mended {
  readonly tree: SourceNode;
  readonly doubts: ReadonlySet<Doubt>;
  /** Maps that lost a key nobody could make sense of: what else they lack may have been it. */
  readonly open: readonly Position[];
}

/** Mends every mistake of one round. */
export function repair(root: SourceNode, mistakes: readonly Mistake[], stand: Stand): Mended {
  const doubts = new Set<Doubt>();
  const open: Position[] = [];
  let tree = root;
  for (const mistake of mistakes) {
    tree = mend(tree, mistake, stand);
    if (isSure(mistake)) continue;
    for (const kind of doubtsOf(root, mistake)) doubts.add(kind);
    const above = nodeAt(root, mistake.path.slice(0, -1));
    if (mistake.wrong === 'unknown-key' && above) open.push(above.at);
  }
  return { tree, doubts, open };
}

/** The writer’s word is one slip away from the right one. */
const isSure = ({ meant }: Mistake): boolean => meant.length === 1;

function mend(tree: SourceNode, mistake: Mistake, stand: Stand): SourceNode {
  const { path, wrong, meant } = mistake;
  const above = path.slice(0, -1);
  const key = String(path[path.length - 1]);
  switch (wrong) {
    case 'unknown-key':
    case 'key-name':
      return change(tree, above, node => {
        if (node.kind !== 'map') return node;
        return isSure(mistake) ? renamed(node, key, meant[0]) : dropped(node, key, above);
      });
    case 'missing':
      if (!isSure(mistake) && decides(path)) return madeAnew(tree, above, stand);
      return change(tree, above, node => {
        if (node.kind !== 'map') return node;
        const value = isSure(mistake)
          ? madeUp(node.at, numberOr(meant[0]))
          : standIn(schemasAt(path), node.at, stand);
        const entry = { keyAt: value.at, node: value };
        return { ...node, entries: new Map([...node.entries, [key, entry]]) };
      });
    case 'value':
      if (!isSure(mistake) && decides(path)) return madeAnew(tree, above, stand);
      return change(tree, path, node => replaced(node, mistake, stand));
  }
}

/** A key whose word decides what else its map may have: without it the whole map is open. */
function decides(path: Path): boolean {
  const key = String(path[path.length - 1]);
  const words = schemasAt(path.slice(0, -1)).filter(({ properties }) => properties?.[key]?.const);
  return words.length > 1;
}

const madeAnew = (tree: SourceNode, path: Path, stand: Stand): SourceNode =>
  change(tree, path, ({ at }) => standIn(schemasAt(path), at, stand));

/** The document with the node at a path changed; unchanged where there is no such node. */
function change(node: SourceNode, path: Path, how: (node: SourceNode) => SourceNode): SourceNode {
  if (path.length === 0) return how(node);
  const [part, ...rest] = path;
  if (node.kind === 'list') {
    const items = node.items.map((item, i) => (i === part ? change(item, rest, how) : item));
    return { ...node, items };
  }
  const entry = node.kind === 'map' ? node.entries.get(String(part)) : undefined;
  if (node.kind !== 'map' || !entry) return node;
  const entries = new Map(node.entries);
  entries.set(String(part), { ...entry, node: change(entry.node, rest, how) });
  return { ...node, entries };
}

const renamed = (node: MapNode, key: string, name: string): MapNode => ({
  ...node,
  entries: new Map([...node.entries].map(([k, entry]) => [k === key ? name : k, entry])),
});

function dropped(node: MapNode, key: string, path: Path): MapNode {
  const entries = new Map([...node.entries].filter(([name]) => name !== key));
  const hasVerb = VERB_NAMES.some(verb => entries.has(verb));
  if (isStep(path) && !hasVerb) entries.set('wait', instant(node.at));
  return { ...node, entries };
}

const isStep = (path: Path): boolean =>
  path[0] === 'steps' && typeof path[path.length - 1] === 'number';

const instant = (at: Position): Entry => ({ keyAt: at, node: madeUp(at, '1ns') });

const numberOr = (text: string): string | number =>
  Number.isNaN(Number(text)) ? text : Number(text);

function replaced(node: SourceNode, mistake: Mistake, stand: Stand): SourceNode {
  const { at } = node;
  const [guess] = mistake.meant;
  if (isSure(mistake)) return madeUp(at, numberOr(guess));
  if (isStep(mistake.path)) return { kind: 'map', at, entries: new Map([['wait', instant(at)]]) };
  return standIn(schemasAt(mistake.path), at, stand);
}

/** Where names are declared; `*` stands for any name. */
const DECLARED: readonly {
  readonly kinds: readonly NameKind[];
  readonly path: readonly string[];
}[] = [
  { kinds: ['device', 'slot'], path: ['devices', '*'] },
  { kinds: ['slot'], path: ['devices', '*', 'vectors'] },
  { kinds: ['store'], path: ['devices', '*', 'store'] },
  { kinds: ['owner'], path: ['devices', '*', 'owner'] },
  { kinds: ['guest', 'realm', 'CPU'], path: ['guests', '*', 'vcpus'] },
  { kinds: ['pin'], path: ['guests', '*', 'vcpus', '*', '*'] },
  { kinds: ['CPU'], path: ['platform', 'cpus'] },
  { kinds: ['unit'], path: ['platform', 'ir', 'kind'] },
  { kinds: ['unit'], path: ['platform', 'ir', 'posting'] },
  { kinds: ['unit'], path: ['platform', 'ir', 'entryBits'] },
  { kinds: ['unit'], path: ['platform', 'preset'] },
  { kinds: ['bridge'], path: ['platform', 'bridges'] },
  { kinds: ['axis'], path: ['vary'] },
  { kinds: ['label'], path: ['steps'] },
  { kinds: ['owner'], path: ['steps', '*', 'assign', 'to'] },
  { kinds: ['owner'], path: ['steps', '*', 'by'] },
];

/** What may be missing, or mean another thing, because of a mistake. */
function doubtsOf(root: SourceNode, mistake: Mistake): Doubt[] {
  const isKey = mistake.wrong === 'unknown-key' || mistake.wrong === 'key-name';
  const above = isKey ? mistake.path.slice(0, -1) : mistake.path;
  const node = nodeAt(root, above);
  const device = above[0] === 'devices' && above.length > 1 ? String(above[1]) : '';
  const doubts: Doubt[] = DECLARED.filter(({ path }) => {
    if (!above.every((part, i) => path[i] === '*' || path[i] === part)) return false;
    if (!isKey) return true;
    const next = path[above.length];
    return next === '*' || (next !== undefined && node?.kind === 'map' && !node.entries.has(next));
  }).flatMap(({ kinds }) => kinds.map((kind): Doubt => (device ? `${kind}:${device}` : kind)));
  if (mayHideLabel(node, mistake, above)) doubts.push('label');
  // Whose step it is says whose CPUs it names.
  if (above[0] === 'steps' && above[above.length - 1] === 'by') doubts.push('CPU');
  return doubts;
}

function mayHideLabel(node: SourceNode | null, mistake: Mistake, above: Path): boolean {
  if (above[0] !== 'steps') return false;
  if (mistake.wrong === 'unknown-key') return node?.kind === 'map' && !node.entries.has('label');
  return above[above.length - 1] === 'label' || node?.kind !== 'scalar';
}
