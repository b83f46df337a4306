/** Files dropped on the page are opened; a class shows that they may be dropped. */
export function acceptDrops(root: HTMLElement, open: (file: File) => void): void {
  const hasFile = (event: DragEvent): boolean =>
    event.dataTransfer?.types.includes('Files') ?? false;
  const mark = (on: boolean): boolean => root.classList.toggle('dropping', on);
  document.addEventListener('dragover', event => {
    if (!hasFile(event)) return;
    event.preventDefault();
    mark(true);
  });
  document.addEventListener('dragleave', event => {
    if (event.relatedTarget === null) mark(false);
  });
  document.addEventListener('drop', event => {
    mark(false);
    const file = event.dataTransfer?.files[0];
    if (!file) return;
    event.preventDefault();
    open(file);
  });
}
