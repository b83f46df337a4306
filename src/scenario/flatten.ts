import { applyCell, type Cell, matchesCell } from './resolve.ts';
import {
  type Entry,
  type ListNode,
  type MapNode,
  nodeAt,
  plainValue,
  type SourceNode,
} from './source-tree.ts';

const QUANTIFIERS = ['always', 'sometimes', 'never'];

/**
 * One variant as a document of its own: no axes, what is expected of this variant only, and no
 * lesson, for that is about several variants.
 */
export function flatten(tree: SourceNode, cell: Cell): SourceNode {
  const variant = applyCell(tree, cell).tree;
  if (variant.kind !== 'map') return variant;
  const entries = new Map(variant.entries);
  entries.delete('vary');
  entries.delete('values');
  entries.delete('exclude');
  entries.delete('lesson');
  const expect = entries.get('expect');
  if (expect?.node.kind === 'map')
    entries.set('expect', { ...expect, node: expectationsOf(expect.node, cell) });
  return { ...variant, entries };
}

/** The general expectations, and those of the first line under `cells` that fits. */
function expectationsOf(expect: MapNode, cell: Cell): MapNode {
  const entries = new Map(expect.entries);
  entries.delete('cells');
  const lines = nodeAt(expect, ['cells']);
  const line = (lines?.kind === 'list' ? lines.items : []).find(item =>
    matchesCell(plainValue(nodeAt(item, ['when']) ?? item), cell),
  );
  if (line?.kind !== 'map') return { ...expect, entries };
  for (const [key, entry] of line.entries) {
    if (key === 'when') continue;
    if (key === 'violation') add(entries, 'sometimes', violationList(entry));
    else if (QUANTIFIERS.includes(key)) add(entries, key, entry);
    else entries.set(key, entry);
  }
  return { ...expect, entries };
}

/** Puts a list after the one that is there. */
function add(entries: Map<string, Entry>, key: string, more: Entry): void {
  const old = entries.get(key);
  if (old?.node.kind !== 'list' || more.node.kind !== 'list') {
    entries.set(key, more);
    return;
  }
  const items = [...old.node.items, ...more.node.items];
  entries.set(key, { ...old, node: { ...old.node, flow: false, items } });
}

function violationList({ keyAt, node }: Entry): Entry {
  const item: MapNode = {
    kind: 'map',
    at: keyAt,
    entries: new Map([['violation', { keyAt, node }]]),
  };
  const list: ListNode = { kind: 'list', at: keyAt, items: [item] };
  return { keyAt, node: list };
}
