import { LESSONS, SCENARIOS } from 'virtual:scenario-list';
import { resolvePath } from '../worker/answer-path.ts';
import type { Source } from '../worker/protocol.ts';

export { LESSONS, SCENARIOS };

const ROOT = '../../scenarios/';
const EXTENDS = /^extends:\s*["']?([^"'\s#]+)/m;

const COUNTEREXAMPLE = /^matrix\/.+\//;

/** Texts by path under `scenarios/`, those beside a file at least. */
async function shipped(beside: string): Promise<(file: string) => string | undefined> {
  const { TEXTS } = COUNTEREXAMPLE.test(beside)
    ? await import('./counterexample-texts.ts')
    : await import('./scenario-texts.ts');
  return file => TEXTS[`${ROOT}${file}`];
}

/** The text of a shipped scenario and of all it extends. Rejects when there is no such scenario. */
export async function sourceOf(id: string): Promise<Source> {
  const textOf = await shipped(id);
  const file = [`${id}.yaml`, `${id}.yml`].find(name => textOf(name) !== undefined);
  const text = file && textOf(file);
  if (!file || text === undefined) throw new Error(`There is no scenario ${id} here.`);
  return { file, text, others: await neighboursOf(file, text) };
}

/** Texts of all shipped scenarios a text extends, as if it were a file of this name. */
export async function neighboursOf(file: string, text: string): Promise<Source['others']> {
  const textOf = await shipped(file);
  const others: Record<string, string> = {};
  let from = file;
  for (let base = EXTENDS.exec(text); base; base = EXTENDS.exec(others[from])) {
    from = resolvePath(base[1], from);
    const found = textOf(from);
    if (from in others || found === undefined) break;
    others[from] = found;
  }
  return others;
}
