/** Opens the dialog that was drawn; once it is gone the focus is back where it was before. */
export function createDialogKeeper(root: HTMLElement): () => void {
  let before: Element | null = null;
  return () => {
    const dialog = root.querySelector<HTMLDialogElement>('dialog');
    if (dialog && !dialog.open) {
      before = document.activeElement;
      dialog.showModal();
    }
    if (dialog || !before) return;
    const isLost = document.activeElement === document.body;
    if (isLost && (before instanceof HTMLElement || before instanceof SVGElement)) before.focus();
    before = null;
  };
}
