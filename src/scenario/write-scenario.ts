import { Document, isMap, isScalar, isSeq, type Node, type YAMLMap } from 'yaml';
import { formatScenario } from './format.ts';

/** A scenario as plain data. */
export type ScenarioDocument = Readonly<Record<string, unknown>>;

/** What is written above the steps, the answers and the expectations of a scenario, line by line. */
export interface Remarks {
  readonly head?: readonly string[];
  /** By top-level step. */
  readonly steps?: readonly (readonly string[])[];
  /** By answer. */
  readonly choices?: readonly string[];
  readonly expect?: readonly string[];
}

const LINE_MAX = 100;
/** Room taken by an item’s dash and indentation. */
const FLOW_MAX = 86;

/** A scenario file with remarks, in the one way all are written. */
export function writeScenario(data: ScenarioDocument, remarks: Remarks = {}): string {
  const document = new Document(data, { aliasDuplicateObjects: false });
  const root = document.contents;
  if (!isMap(root)) throw new Error('a scenario is a map');
  flow(root as YAMLMap, 0);
  for (const pair of root.items)
    if (isScalar(pair.key) && pair.key.value !== 'irqscope')
      pair.key.spaceBefore = isSection(pair.value);
  above(root, remarks.head);
  const steps = root.get('steps');
  if (isSeq(steps))
    for (const [i, step] of steps.items.entries()) above(step as Node, remarks.steps?.[i]);
  const choices = root.get('choices');
  if (isSeq(choices) && remarks.choices) {
    choices.flow = false;
    for (const [i, answer] of choices.items.entries())
      if (isScalar(answer) && remarks.choices[i]) answer.comment = ` ${remarks.choices[i]}`;
  }
  const expect = root.items.find(pair => isScalar(pair.key) && pair.key.value === 'expect');
  if (expect && isScalar(expect.key)) above(expect.key, remarks.expect);
  return formatScenario(
    document.toString({ lineWidth: 0, flowCollectionPadding: true, blockQuote: 'literal' }),
  );
}

const isSection = (value: unknown): boolean => isMap(value) || isSeq(value);

function above(node: Node | null | undefined, lines: readonly string[] | undefined): void {
  if (!node || !lines || lines.length === 0) return;
  node.commentBefore = lines
    .flatMap(wrap)
    .map(line => ` ${line}`)
    .join('\n');
}

function wrap(text: string): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + word.length + 1 > LINE_MAX - 6) {
      lines.push(line);
      line = '';
    }
    line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

/** Collections that fit on a line are written on one; sections are not, nor lists of maps. */
function flow(node: unknown, depth: number): void {
  if (!isMap(node) && !isSeq(node)) return;
  const parts = isMap(node) ? node.items.map(pair => pair.value) : node.items;
  for (const part of parts) flow(part, depth + 1);
  // Items of lists are read line by line: steps, and what is expected.
  if (isSeq(node)) for (const part of parts) if (isMap(part)) part.flow = false;
  const isList = isSeq(node) && parts.some(isMap);
  const fits = parts.every(part => isScalar(part) || ((isMap(part) || isSeq(part)) && part.flow));
  if (depth > (isSeq(node) ? 0 : 1) && !isList && fits && lengthOf(node) <= FLOW_MAX)
    node.flow = true;
}

/** Roughly the length of a collection on one line. */
function lengthOf(node: unknown): number {
  if (isMap(node))
    return node.items.reduce(
      (sum, { key, value }) => sum + lengthOf(key) + 2 + lengthOf(value) + 2,
      4,
    );
  if (isSeq(node)) return node.items.reduce<number>((sum, item) => sum + lengthOf(item) + 2, 2);
  if (isScalar(node)) return String(node.value).length + (typeof node.value === 'number' ? 6 : 2);
  return 0;
}
