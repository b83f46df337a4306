import { html, nothing, type TemplateResult } from 'lit-html';
import { type Journey, type WhyCheck, type WhyLink, whyNotOf, whyOf } from '../../src/index.ts';
import type { Context } from '../app/context.ts';
import { EN } from '../i18n/en.ts';
import { fateWord, recordLink } from './parts.ts';

/** Why the current record came about, as a chain one can walk. */
export function whyPanel(context: Context): TemplateResult {
  const { run, state } = context;
  const seq = state.place.pin ?? state.place.seq;
  const record = run.data.trace[seq];
  if (!record) return html`<p class="quiet">${EN.why.nothing}</p>`;
  const { film, machine, trace } = run.data;
  const journey = film.journeys[film.journeyOf[seq]];
  const known = journey && journey.fateSeq <= Math.max(seq, state.place.seq) ? journey : null;
  const lost = known?.fate === 'lost' || known?.fate === 'held';
  const links = lost ? whyNotOf(machine, trace, known.id) : whyOf(machine, trace, seq);
  return html`
    ${known ? verdictHead(context, known) : nothing} ${findingsAt(context, seq)}
    <h3>${lost ? EN.why.notArrived : EN.why.chain}</h3>
    <ol class="chain">
      ${links.map(link => linkRow(context, link, link.seq === seq))}
    </ol>
  `;
}

function verdictHead(context: Context, journey: Journey): TemplateResult {
  const sentence = findingsOf(context, journey)[0]?.sentence;
  return html`
    <div class="verdict-head ${journey.fate}">
      <p>${fateWord(journey.fate)}</p>
      <p>${sentence ?? EN.fateTexts[journey.fate]}</p>
    </div>
  `;
}

const findingsOf = ({ run }: Context, journey: Journey) =>
  run.data.findings.filter(
    ({ seq }) => run.data.film.journeys[run.data.film.journeyOf[seq]] === journey,
  );

/** What the checker says of the message or the record: rule, policy, and what would have helped. */
function findingsAt(context: Context, seq: number): TemplateResult | typeof nothing {
  const { run } = context;
  const journey = run.data.film.journeys[run.data.film.journeyOf[seq]];
  const own = journey ? findingsOf(context, journey) : [];
  const findings = own.length > 0 ? own : run.data.findings.filter(one => one.seq === seq);
  if (findings.length === 0) return nothing;
  const violations = run.verdict?.violations ?? [];
  return html`
    <dl class="findings">
      ${findings.map(({ rule, policy, sentence }) => {
        const evidence = violations
          .filter(violation => violation.rule === rule)
          .flatMap(violation => violation.evidence);
        const cures = evidence.flatMap(({ kind, text }) =>
          kind === 'counterfactual' ? [text] : [],
        );
        return html`
          <dt class="rule">${rule}</dt>
          <dd>${sentence}</dd>
          ${policy ? html`<dd>${EN.why.policy}: ${policy}</dd>` : nothing}
          ${[...new Set(cures)].map(text => html`<dd>${text}</dd>`)}
        `;
      })}
    </dl>
  `;
}

function linkRow(context: Context, link: WhyLink, first: boolean): TemplateResult {
  const { run, actions } = context;
  const isStep = run.data.trace[link.seq].act === 'step';
  const step = run.data.steps[link.step];
  return html`
    <li class="${isStep ? 'step' : ''} ${first ? 'first' : ''}">
      ${recordLink(link.seq, isStep && step ? step.text : link.text, actions.goTo)}
      ${isStep && link.step >= 0 ? html`<span class="tag">${EN.panels.step(link.step + 1)}</span>` : nothing}
      ${link.checks.length > 0 ? checkList(context, link.checks, first) : nothing}
    </li>
  `;
}

function checkList(context: Context, checks: readonly WhyCheck[], open: boolean): TemplateResult {
  const failed = checks.filter(({ outcome }) => outcome === 'failed');
  const passed = checks.filter(({ outcome }) => outcome === 'passed');
  return html`
    <details class="checks" ?open=${open || failed.length > 0}>
      <summary>${EN.why.checks(passed.length, failed.length)}</summary>
      <ul>
        ${[...failed, ...checks.filter(check => check.outcome === 'off'), ...passed].map(check =>
          checkRow(context, check),
        )}
      </ul>
    </details>
  `;
}

const SIGNS = { passed: '✓', failed: '✗', off: '○' } as const;

function checkRow(context: Context, check: WhyCheck): TemplateResult {
  const { run, actions } = context;
  const stepText = (seq: number): string => {
    const step = run.data.film.stepOf[seq];
    return step < 0 ? EN.why.goTo(seq) : EN.panels.step(step + 1);
  };
  return html`
    <li class="check ${check.outcome}">
      <span class="check-name">
        <span aria-hidden="true">${SIGNS[check.outcome]}</span> ${check.rule}
        <span class="quiet">${EN.why[check.outcome]} ${check.source}</span>
      </span>
      <ul class="inputs">
        ${check.inputs.map(
          ({ text, writer }) => html`
            <li>
              <code>${text}</code>
              ${
                writer < 0
                  ? html`<span class="quiet">${EN.why.always}</span>`
                  : recordLink(writer, EN.why.from(stepText(writer)), actions.goTo)
              }
            </li>
          `,
        )}
      </ul>
      ${check.outcome === 'off' ? nothing : whatIf(context, check)}
    </li>
  `;
}

/** Switches a check off and tells what would have happened. */
function whatIf({ actions, whatIfs }: Context, check: WhyCheck): TemplateResult {
  const known = whatIfs.get(check.rule);
  if (!known) {
    const failed = check.outcome === 'failed';
    return html`
      <button
        type="button"
        class=${failed ? 'what-if' : 'what-if link quiet'}
        aria-label="${failed ? EN.why.whatIf : EN.why.whatIfPassed} ${check.rule}"
        @click=${() => actions.whatIf(check.rule)}
      >
        ${failed ? EN.why.whatIf : EN.why.whatIfPassed}
      </button>
    `;
  }
  if (known.kind === 'running') return html`<p class="quiet">${EN.app.loading}</p>`;
  if (known.kind === 'failed') return html`<p class="quiet">${EN.why.whatIfFailed}</p>`;
  return html`
    <p class="what-if-answer" role="status">
      <strong>${known.text}</strong>
      <button type="button" class="link" @click=${() => actions.setBranch(known.branch)}>
        ${EN.why.open}
      </button>
      <button type="button" class="link" @click=${() => actions.compareBranch(known.branch)}>
        ${EN.why.compare}
      </button>
    </p>
  `;
}
