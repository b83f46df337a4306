import { html, nothing, svg, type TemplateResult } from 'lit-html';
import type { Context } from '../app/context.ts';
import type { Branch } from '../app/state.ts';
import { EN } from '../i18n/en.ts';
import { MAIN } from './change.ts';
import { partingOf } from './moments.ts';
import { addedName, branchName } from './name.ts';
import { type Placed, treeOf } from './tree.ts';

/** The script as written, and what would have happened otherwise: a tree of lines of events. */
export function branchTree(context: Context): TemplateResult | typeof nothing {
  const { branches } = context.state;
  if (branches.length < 2) return nothing;
  const tree = treeOf(branches);
  const longest = Math.max(...branches.map(({ id }) => lengthOf(context, id)));
  return html`
    <ul class="branches" aria-label=${EN.time.branches}>
      ${tree.map(placed => branchRow(context, { tree, placed, longest }))}
    </ul>
  `;
}

const lengthOf = ({ text }: Context, id: string): number => text.of(id)?.data.trace.length ?? 0;

interface Drawn {
  readonly tree: readonly Placed<Branch>[];
  readonly placed: Placed<Branch>;
  readonly longest: number;
}

function branchRow(context: Context, drawn: Drawn): TemplateResult {
  const { state, actions } = context;
  const { branch, parent } = drawn.placed;
  const { id } = branch;
  const isCurrent = id === state.place.branch;
  const full = branchName(branch);
  const name = parent ? addedName(branch, parent) : full;
  return html`
    <li class="branch ${isCurrent ? 'current' : ''}">
      <button
        type="button"
        class="branch-name"
        aria-pressed=${isCurrent ? 'true' : 'false'}
        title=${full}
        @click=${() => actions.setBranch(id)}
      >
        ${name}
      </button>
      ${lane(context, drawn)}
      ${
        isCurrent
          ? html`<span></span>`
          : html`<button
              type="button"
              aria-label=${EN.time.compareBranch(full)}
              title=${EN.time.compareBranch(full)}
              @click=${() => actions.compareBranch(id)}
            >
              ${EN.app.compare}
            </button>`
      }
      ${
        id === MAIN
          ? html`<span></span>`
          : html`<button
              type="button"
              aria-label="${EN.time.closeBranch}: ${full}"
              title=${EN.time.closeBranch}
              @click=${() => actions.closeBranch(id)}
            >
              ×
            </button>`
      }
    </li>
  `;
}

/** The first record that is a branch’s own; 0 for the script as written, and while nobody knows. */
function startOf({ text }: Context, { branch, parent }: Placed<Branch>): number {
  const fork = text.of(branch.id);
  const from = parent ? text.of(parent.id) : null;
  return fork && from ? partingOf(from, fork) : 0;
}

/**
 * A line of events from where it parts from another, in one of the rows that make the tree. Ways
 * down to branches further below go through it.
 */
function lane(context: Context, { tree, placed, longest }: Drawn): TemplateResult {
  const { state } = context;
  const { id } = placed.branch;
  const x = (seq: number): string => `${((seq + 1) / Math.max(1, longest)) * 100}%`;
  const start = startOf(context, placed);
  const end = lengthOf(context, id) - 1;
  const passing = tree.filter(
    ({ row, parentRow }) => parentRow >= 0 && parentRow <= placed.row && placed.row < row,
  );
  return html`
    <svg class="branch-lane" width="100%" aria-hidden="true">
      ${passing.map(child => {
        const at = x(startOf(context, child));
        const from = child.parentRow === placed.row ? '50%' : '0';
        return svg`<line class="way" x1=${at} x2=${at} y1=${from} y2="100%"></line>`;
      })}
      ${
        placed.parentRow >= 0
          ? svg`<line class="way" x1=${x(start)} x2=${x(start)} y1="0" y2="50%"></line>`
          : nothing
      }
      <line class="line" x1=${x(placed.parentRow < 0 ? -1 : start)} x2=${x(end)} y1="50%" y2="50%"></line>
      ${placed.parentRow >= 0 ? svg`<circle class="fork" cx=${x(start)} cy="50%" r="4"></circle>` : nothing}
      ${
        id === state.place.branch
          ? svg`<circle class="now" cx=${x(state.place.seq)} cy="50%" r="6"></circle>`
          : nothing
      }
    </svg>
  `;
}
