import { html, type TemplateResult } from 'lit-html';
import type { Context } from '../app/context.ts';
import { middle } from '../app/middle.ts';
import type { LoadedRun } from '../app/runs.ts';
import { EN } from '../i18n/en.ts';
import { troubles } from '../panels/troubles.ts';
import { timeBar } from '../time/time-bar.ts';

/** The page inside another one: picture, caption and time, and a way out to all of it. */
export function embedShell(
  context: Omit<Context, 'run'> & { readonly run: LoadedRun | null },
): TemplateResult {
  const { state, run, actions } = context;
  const look = state.embed?.transparent ? 'embed transparent' : 'embed';
  if (!run)
    return html`
      <main id="main" class=${look}>
        ${troubles(state, actions)}
        ${state.load.kind === 'loading' ? html`<p class="loading">${EN.app.loading}</p>` : ''}
      </main>
    `;
  const title = state.place.title || run.data.title;
  return html`
    <main id="main" class=${look} aria-label=${EN.embed.label(title)}>
      <header class="embed-head">
        <h1>${title}</h1>
        <a href=${fullAddress()} target="_blank" rel="noopener">${EN.embed.full}</a>
      </header>
      ${troubles(state, actions)} ${middle({ ...context, run })} ${timeBar({ ...context, run })}
    </main>
  `;
}

const fullAddress = (): string => `${location.pathname}${location.hash}`;
