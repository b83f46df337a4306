import { SCHEMA } from 'virtual:scenario-schema';
import {
  autocompletion,
  type CompletionSource,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
} from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { yaml } from '@codemirror/lang-yaml';
import { bracketMatching, indentOnInput, syntaxHighlighting } from '@codemirror/language';
import { type Diagnostic, lintGutter, lintKeymap, setDiagnostics } from '@codemirror/lint';
import { EditorState, StateEffect, StateField, type Text } from '@codemirror/state';
import {
  Decoration,
  type DecorationSet,
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightSpecialChars,
  hoverTooltip,
  keymap,
  lineNumbers,
} from '@codemirror/view';
import type { Machine, Problem } from '../../src/index.ts';
import { EN } from '../i18n/en.ts';
import { LOOK, WORDS } from './code-look.ts';
import { explainedAt, type Offer, offersAt } from './complete.ts';

/** An editor for the text of a scenario. */
export interface Code {
  /** Replaces the text, unless it is this one already. */
  setText(text: string): void;
  setProblems(problems: readonly Problem[]): void;
  /** The line the picture is at, from 1; 0 for none. */
  setLine(line: number): void;
  /** Goes to a place, both from 1. */
  goTo(line: number, column: number): void;
  focus(): void;
  close(): void;
}

/** What the editor needs to know, and whom it tells. */
export interface CodeHost {
  readonly text: string;
  readonly changed: (text: string) => void;
  /** The machine of the last good run, for the names in it. */
  readonly machine: () => Machine | null;
}

/** Puts an editor into an element. Its styles are a sheet of their own, as the policy wants it. */
export function openCode(element: HTMLElement, host: CodeHost): Code {
  const root = element.shadowRoot ?? element.attachShadow({ mode: 'open' });
  const view = new EditorView({
    parent: root,
    root,
    doc: host.text,
    extensions: [
      extensions(host),
      EditorView.updateListener.of(update => {
        if (!update.docChanged) return;
        const outside = update.transactions.some(one => one.isUserEvent(OUTSIDE));
        if (!outside) host.changed(update.state.doc.toString());
      }),
    ],
  });
  return {
    setText(text) {
      if (text === view.state.doc.toString()) return;
      const changes = { from: 0, to: view.state.doc.length, insert: text };
      view.dispatch({ changes, userEvent: OUTSIDE });
    },
    setProblems(problems) {
      const found = problems.map(problem => diagnosticOf(view.state.doc, problem));
      view.dispatch(setDiagnostics(view.state, found));
    },
    setLine: line => view.dispatch({ effects: moveTo.of(line) }),
    goTo(line, column) {
      const { doc } = view.state;
      const at = doc.line(Math.min(Math.max(1, line), doc.lines));
      const anchor = Math.min(at.from + column - 1, at.to);
      view.dispatch({ selection: { anchor }, scrollIntoView: true });
      view.focus();
    },
    focus: () => view.focus(),
    close: () => view.destroy(),
  };
}

/** A change that came from outside the editor. */
const OUTSIDE = 'set';

const extensions = ({ machine }: CodeHost) => [
  lineNumbers(),
  highlightSpecialChars(),
  history(),
  drawSelection(),
  indentOnInput(),
  bracketMatching(),
  closeBrackets(),
  highlightActiveLine(),
  EditorState.tabSize.of(2),
  EditorView.lineWrapping,
  EditorView.contentAttributes.of({
    'aria-label': EN.editor.text,
    spellcheck: 'false',
    tabindex: '0',
  }),
  yaml(),
  syntaxHighlighting(WORDS),
  autocompletion({ override: [completions(machine)], icons: false }),
  hoverTooltip(explain),
  lintGutter(),
  currentLine,
  LOOK,
  keymap.of([
    ...closeBracketsKeymap,
    ...defaultKeymap,
    ...historyKeymap,
    ...completionKeymap,
    ...lintKeymap,
  ]),
];

/** Where the loader sees a mistake, as the editor counts. */
function diagnosticOf(doc: Text, { severity, at, message, hint }: Problem): Diagnostic {
  const line = doc.line(Math.min(Math.max(1, at.line), doc.lines));
  const from = Math.min(line.from + at.column - 1, line.to);
  const to = Math.min(from + Math.max(1, at.length), line.to);
  return { from, to, severity, message: hint ? `${message} – ${hint}` : message };
}

const completions =
  (machine: () => Machine | null): CompletionSource =>
  context => {
    const text = context.state.doc.toString();
    const { from, offers } = offersAt(SCHEMA, text, { position: context.pos, machine: machine() });
    const typed = context.pos > from;
    if (offers.length === 0 || (!typed && !context.explicit)) return null;
    return { from, options: offers.map(optionOf), filter: typed };
  };

const RANK: Readonly<Record<Offer['kind'], number>> = { name: 2, word: 1, key: 0 };

const optionOf = ({ label, kind, text }: Offer) => ({
  label,
  apply: kind === 'key' ? `${label}: ` : label,
  info: text || undefined,
  boost: RANK[kind],
});

function explain(view: EditorView, position: number) {
  const found = explainedAt(SCHEMA, view.state.doc.toString(), position);
  if (!found) return null;
  return {
    pos: found.from,
    end: found.to,
    create() {
      const dom = document.createElement('div');
      dom.className = 'explained';
      dom.textContent = found.text;
      return { dom };
    },
  };
}

const moveTo = StateEffect.define<number>();
const mark = Decoration.line({ class: 'at-step' });

/** The line of the step the picture is at. */
const currentLine = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(marks, { effects, changes, state }) {
    for (const effect of effects)
      if (effect.is(moveTo)) {
        const { doc } = state;
        const known = effect.value > 0 && effect.value <= doc.lines;
        return known ? Decoration.set(mark.range(doc.line(effect.value).from)) : Decoration.none;
      }
    return marks.map(changes);
  },
  provide: field => EditorView.decorations.from(field),
});
