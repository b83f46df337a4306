import type { Code, CodeHost } from './code.ts';

/** The editor where the real one could not be loaded: a text field. Mistakes are listed below it. */
export function openPlain(field: HTMLTextAreaElement, host: CodeHost): Code {
  field.value = host.text;
  const tell = (): void => host.changed(field.value);
  field.addEventListener('input', tell);
  return {
    setText(text) {
      field.value = text;
    },
    setProblems: problems => field.setAttribute('aria-invalid', String(problems.length > 0)),
    setLine: () => {},
    goTo(line, column) {
      const before = field.value.split('\n').slice(0, line - 1);
      const at = before.reduce((sum, one) => sum + one.length + 1, 0) + column - 1;
      field.focus();
      field.setSelectionRange(at, at);
    },
    focus: () => field.focus(),
    close: () => field.removeEventListener('input', tell),
  };
}
