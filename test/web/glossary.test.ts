import { describe, expect, it } from 'vitest';
import { GLOSSARY } from '../../web/i18n/glossary.ts';
import { termsIn } from '../../web/lessons/terms.ts';
import { LESSON_FILES, opened, textOf } from '../lesson/lessons.ts';

/** Everything a learner reads, by where it stands. */
const TEXTS = LESSON_FILES.flatMap(name => {
  const { lesson, title } = opened(name, textOf(name));
  const parts = lesson.parts.flatMap((part, i) => [
    [`${name}, part ${i + 1}`, part.title],
    [`${name}, part ${i + 1}`, part.text],
    [`${name}, part ${i + 1}, question`, part.ask?.question ?? ''],
    [`${name}, part ${i + 1}, explanation`, part.ask?.explain ?? ''],
    ...(part.ask?.choose ?? part.ask?.verdict?.reasons ?? []).map(({ text }) => [
      `${name}, part ${i + 1}, options`,
      text,
    ]),
  ]);
  const said = Object.values(lesson.misconceptions).map(text => [`${name}, misconceptions`, text]);
  return [[name, title], ...parts, ...said];
});

/** Words with several capitals, or capitals and digits: nobody is born with those. */
const ABBREVIATION = /(?<![\w/])[A-Z][A-Za-z0-9]*(?:[A-Z]|-[A-Z])[\w-]*/g;
/** Words that have a meaning of their own here. */
const JARGON = [
  'vector',
  'handler',
  'bridge',
  'bus',
  'guest',
  'hypervisor',
  'host',
  'hypercall',
  'requester id',
  'irq domain',
  'pending bit',
  'spurious',
  'remap unit',
  'trap',
  'misdelivered',
  'handle',
  'slot',
  'queue memory',
  'source check',
  'interrupt window',
  'denial of service',
];

const forms = new Set(GLOSSARY.flatMap(({ term, forms: others }) => [term, ...others]));
const words = new Set([...forms].flatMap(form => form.split(/[^\w-]+/)));

/** Names of things in a scenario, keys and values of the language. */
const isCode = (word: string): boolean => /^(?:[A-Z]{1}\d|E[A-Z]+)$/.test(word);

describe('the glossary', () => {
  it('has every abbreviation the lessons use', () => {
    const missing = TEXTS.flatMap(([where, text]) =>
      [...text.matchAll(ABBREVIATION)]
        .map(([word]) => word)
        .filter(word => !isCode(word) && !forms.has(word) && !words.has(word))
        .map(word => `${word} (${where})`),
    );
    expect(missing).toEqual([]);
  });

  it('has every word of the trade, in the form in which the lessons use it', () => {
    const all = TEXTS.map(([, text]) => text.replaceAll(/\s+/g, ' '))
      .join(' ')
      .toLowerCase();
    for (const word of JARGON) {
      expect(all, `${word} is used`).toContain(word);
      expect(termsIn(`the ${word} is`), word).not.toEqual([]);
    }
  });

  it('explains each term in few words, once, and leads nowhere it has not been', () => {
    const ids = GLOSSARY.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const all = GLOSSARY.flatMap(({ term, forms: others }) => [...new Set([term, ...others])]);
    expect(all.filter((form, i) => all.indexOf(form) !== i)).toEqual([]);
    for (const { id, text, see } of GLOSSARY) {
      expect(text.split(/\s+/).length, id).toBeLessThanOrEqual(45);
      for (const other of see) expect(ids, id).toContain(other);
    }
  });

  it('finds the longest term, and only whole words', () => {
    const found = (text: string): string[] => termsIn(text).map(({ form }) => form);
    expect(found('the remap unit is no unity')).toEqual(['remap unit']);
    expect(found('MSI-X and MSI')).toEqual(['MSI-X', 'MSI']);
    expect(found('businesses')).toEqual([]);
  });

  it('is needed: every term comes up in some lesson', () => {
    const used = new Set(TEXTS.flatMap(([, text]) => termsIn(text).map(({ term }) => term.id)));
    const helpers = new Set(GLOSSARY.flatMap(({ see }) => see));
    expect(GLOSSARY.map(({ id }) => id).filter(id => !used.has(id) && !helpers.has(id))).toEqual(
      [],
    );
  });
});
