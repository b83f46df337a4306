import { SCENARIOS } from 'virtual:scenario-list';
import { resolvePath } from '../worker/answer-path.ts';
import type { Source } from '../worker/protocol.ts';

export { SCENARIOS };

/** Texts of all shipped scenarios, each loaded when it is wanted. */
const TEXTS = import.meta.glob<string>(['../../scenarios/**/*.yaml', '../../scenarios/**/*.yml'], {
  query: '?raw',
  import: 'default',
});

const ROOT = '../../scenarios/';
const EXTENDS = /^extends:\s*["']?([^"'\s#]+)/m;

async function textOf(file: string): Promise<string> {
  const load = TEXTS[`${ROOT}${file}`];
  if (!load) throw new Error(`There is no scenario ${file} here.`);
  return load();
}

/** The text of a shipped scenario and of all it extends. Rejects when there is no such scenario. */
export async function sourceOf(id: string): Promise<Source> {
  const file = `${ROOT}${id}.yml` in TEXTS ? `${id}.yml` : `${id}.yaml`;
  const text = await textOf(file);
  return { file, text, others: await neighboursOf(file, text) };
}

/** Texts of all shipped scenarios a text extends, as if it were a file of this name. */
export async function neighboursOf(file: string, text: string): Promise<Source['others']> {
  const others: Record<string, string> = {};
  let from = file;
  for (let base = EXTENDS.exec(text); base; base = EXTENDS.exec(others[from])) {
    from = resolvePath(base[1], from);
    if (from in others || !(`${ROOT}${from}` in TEXTS)) break;
    others[from] = await textOf(from);
  }
  return others;
}
