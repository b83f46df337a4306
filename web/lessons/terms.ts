import { html, nothing, type TemplateResult } from 'lit-html';
import { LESSONS } from '../i18n/en-lessons.ts';
import { GLOSSARY } from '../i18n/glossary.ts';
import type { Term } from '../i18n/glossary-term.ts';

const capital = (text: string): string => `${text[0].toUpperCase()}${text.slice(1)}`;

/** Terms by the forms in which they turn up, also at the beginning of a sentence. */
const BY_FORM = new Map(
  GLOSSARY.flatMap(term =>
    [term.term, ...term.forms].flatMap(form => [
      [form, term] as const,
      [capital(form), term] as const,
    ]),
  ),
);

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Longer forms first, so that they are found first. */
const FORMS = new RegExp(
  `(?<![\\w-])(?:${[...BY_FORM.keys()]
    .sort((a, b) => b.length - a.length)
    .map(escaped)
    .join('|')})(?![\\w-])`,
  'g',
);

/** The terms a text has, where each comes up first. */
export function termsIn(
  text: string,
): { readonly term: Term; readonly at: number; readonly form: string }[] {
  const seen = new Set<string>();
  return [...text.matchAll(FORMS)].flatMap(({ 0: form, index }) => {
    const term = BY_FORM.get(form);
    if (!term || seen.has(term.id)) return [];
    seen.add(term.id);
    return [{ term, at: index, form }];
  });
}

/** A text in which each term that was not seen before can be asked what it means. */
function withTerms(text: string, place: string, seen: Set<string>): unknown[] {
  const parts: unknown[] = [];
  let from = 0;
  for (const { term, at, form } of termsIn(text)) {
    if (seen.has(term.id)) continue;
    seen.add(term.id);
    const id = `term-${place}-${term.id}`;
    parts.push(text.slice(from, at), termButton(term, form, id));
    from = at + form.length;
  }
  return [...parts, text.slice(from)];
}

const termButton = ({ term, text }: Term, form: string, id: string): TemplateResult =>
  html`<button type="button" class="term" popovertarget=${id}>${form}</button
    ><span class="term-note" id=${id} popover><strong>${term}</strong> ${text}</span>`;

/**
 * A text in paragraphs; each term is explained where it comes up first. `place` tells texts of one
 * page apart.
 */
export function paragraphs(text: string, place: string): TemplateResult[] {
  const seen = new Set<string>();
  return text
    .trim()
    .split(/\n\s*\n/)
    .map(one => html`<p>${withTerms(one.replaceAll('\n', ' '), place, seen)}</p>`);
}

/** All terms, in the order of the alphabet. */
export function glossary(): TemplateResult {
  const sorted = GLOSSARY.toSorted((a, b) =>
    a.term.toLowerCase() < b.term.toLowerCase() ? -1 : 1,
  );
  const name = (id: string): string => GLOSSARY.find(term => term.id === id)?.term ?? id;
  return html`
    <dl class="glossary">
      ${sorted.map(
        ({ id, term, text, see }) => html`
          <dt id="glossary-${id}">${term}</dt>
          <dd>
            ${text}
            ${
              see.length === 0
                ? nothing
                : html`<span class="quiet">${LESSONS.see}: ${see.map(name).join(', ')}.</span>`
            }
          </dd>
        `,
      )}
    </dl>
  `;
}
