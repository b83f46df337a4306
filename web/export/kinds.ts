/** What a run can be saved as. */
export type ExportKind = 'svg' | 'png' | 'gif' | 'mermaid' | 'chrome' | 'transcript' | 'print';
export const EXPORT_KINDS: readonly ExportKind[] = [
  'svg',
  'png',
  'gif',
  'mermaid',
  'chrome',
  'transcript',
  'print',
];
