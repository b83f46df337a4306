import type { LessonState } from './state.ts';

/** Marks the part of the picture that is chosen as an answer. */
export function markPicked(document: Document, { phase, part, given }: LessonState): void {
  const asks = part?.question?.kind === 'component' && phase === 'asking';
  const [key = ''] = asks ? given : [];
  for (const node of document.querySelectorAll<SVGElement>('#stage [data-key]')) {
    const name = node.dataset.key ?? '';
    node.toggleAttribute('data-picked', key !== '' && name.slice(name.indexOf(':') + 1) === key);
  }
}
