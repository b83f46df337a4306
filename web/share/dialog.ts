import { html, nothing, type TemplateResult } from 'lit-html';
import { until } from 'lit-html/directives/until.js';
import type { Context } from '../app/context.ts';
import { EXPORT_KINDS, type ExportKind } from '../export/kinds.ts';
import { EN } from '../i18n/en.ts';
import { inputValue } from '../panels/inputs.ts';
import { LINK_MAX, linkTo } from './link.ts';
import { frameSnippet, slideSnippet, steerSnippet } from './snippets.ts';

/** Ways to pass on what is seen: a link, a piece for a page or slides, files. */
export function shareDialog(context: Context): TemplateResult {
  const { actions, state } = context;
  const { share } = EN;
  const link = linkTo(context);
  return html`
    <dialog class="help share" aria-labelledby="share-title" @close=${() => actions.setDialog('none')}>
      <header>
        <h2 id="share-title">${share.title}</h2>
        <button type="button" aria-label=${share.close} @click=${() => actions.setDialog('none')}>
          ×
        </button>
      </header>
      <label class="field">
        ${share.name}
        <input
          type="text"
          class="link-name"
          maxlength="80"
          .value=${state.place.title}
          @input=${(event: Event) => actions.setTitle(inputValue(event))}
        />
      </label>
      ${copyField({ label: share.link, text: link, id: 'share-link', rows: 0 })}
      <p class="quiet">${share.withoutPlace}</p>
      ${until(link.then(tooLong), nothing)}
      <h3>${share.exports}</h3>
      <ul class="exports">
        ${EXPORT_KINDS.map(kind => exportRow(context, kind))}
      </ul>
      <p class="export-state" role="status"></p>
      <h3>${share.embed}</h3>
      ${copyField({ label: share.frame, text: link.then(frameSnippet), id: 'share-frame', rows: 3 })}
      ${copyField({ label: share.slide, text: link.then(slideSnippet), id: 'share-slide', rows: 3 })}
      ${copyField({ label: share.steer, text: Promise.resolve(steerSnippet()), id: 'share-steer', rows: 6 })}
    </dialog>
  `;
}

const tooLong = (link: string): TemplateResult | typeof nothing =>
  link.length > LINK_MAX ? html`<p class="bad">${EN.share.long(link.length)}</p>` : nothing;

/** A text that can’t be changed, and a button that copies it. */
function copyField(of: {
  readonly label: string;
  readonly text: Promise<string>;
  readonly id: string;
  /** 0 for a single line. */
  readonly rows: number;
}): TemplateResult {
  const { label, text, id, rows } = of;
  const value = until(text, '');
  return html`
    <div class="copy-field">
      <label for=${id}>${label}</label>
      ${
        rows === 0
          ? html`<input id=${id} type="text" readonly .value=${value} @focus=${selectAll} />`
          : html`<textarea id=${id} rows=${rows} readonly .value=${value} @focus=${selectAll}></textarea>`
      }
      <button type="button" aria-label="${EN.share.copy}: ${label}" @click=${copy}>
        ${EN.share.copy}
      </button>
      <output></output>
    </div>
  `;
}

type Field = HTMLInputElement | HTMLTextAreaElement;

function selectAll({ target }: Event): void {
  if (target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement) target.select();
}

/** Copies the text beside the button; where the browser forbids it, the text is selected. */
function copy({ currentTarget }: Event): void {
  if (!(currentTarget instanceof HTMLElement)) return;
  const box = currentTarget.parentElement;
  const field = box?.querySelector<Field>('input, textarea');
  const said = box?.querySelector('output');
  if (!field || !said) return;
  const tell = (text: string) => () => {
    said.textContent = text;
  };
  field.select();
  Promise.resolve(navigator.clipboard?.writeText(field.value) ?? Promise.reject())
    .then(tell(EN.share.copied))
    .catch(tell(EN.share.notCopied));
}

function exportRow(context: Context, kind: ExportKind): TemplateResult {
  const [title, text] = EN.share.kinds[kind];
  return html`
    <li>
      <button type="button" @click=${(event: Event) => save(event, context, kind)}>${title}</button>
      <span class="quiet">${text}</span>
    </li>
  `;
}

/** Makes a file and hands it over; the state below the list says how it goes. */
function save({ currentTarget }: Event, { run, state }: Context, kind: ExportKind): void {
  const dialog = currentTarget instanceof HTMLElement ? currentTarget.closest('dialog') : null;
  const said = dialog?.querySelector('.export-state');
  const tell = (text: string): void => {
    if (said) said.textContent = text;
  };
  tell(EN.share.making);
  import('../export/export.ts')
    .then(({ exportRun }) => exportRun(kind, { run, state, tell }))
    .then(() => tell(''))
    .catch(() => tell(EN.share.failed));
}
