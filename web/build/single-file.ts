import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Plugin } from 'vite';

const WEB = join(import.meta.dirname, '..');

/** Modules the page in one file has in place of those that load more files. */
const INSTEAD = new Map(
  [
    ['worker/start.ts', 'single/start.ts'],
    ['app/scenarios.ts', 'single/scenarios.ts'],
    ['editor/load.ts', 'single/load.ts'],
    ['lessons/load.ts', 'single/no-lessons.ts'],
    ['matrix/load.ts', 'single/no-matrix.ts'],
  ].map(([module, other]) => [join(WEB, module), join(WEB, other)]),
);

const NAMES = new Set([...INSTEAD.keys()].map(path => basename(path)));

/** Name of the page in one file. */
const SINGLE_PAGE = 'irqscope.html';

const hashOf = (text: string): string =>
  `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** What the one file may do: run its own script, in a worker too; nothing is loaded at all. */
const policyOf = (script: string, style: string): string =>
  [
    "default-src 'none'",
    `script-src ${hashOf(script)}`,
    `style-src ${hashOf(style)}`,
    'img-src data: blob:',
    'worker-src blob:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');

/** The page’s own frame, without what refers to other files. */
function frame(): string {
  const html = readFileSync(join(WEB, 'index.html'), 'utf8');
  return html.replaceAll(/^\s*<(?:link|script)\b.*\n/gm, '');
}

function pageOf(code: string, css: string): string {
  // The end of a script element ends it in a text of the program too.
  const script = code.replaceAll('</script', '<\\/script');
  const style = css.trim();
  const policy = policyOf(script, style);
  const head = `<meta http-equiv="Content-Security-Policy" content="${policy}" />
    <link rel="icon" href="data:," />
    <style>${style}</style>
  </head>`;
  return frame()
    .replace('</head>', () => head)
    .replace('</body>', () => `<script id="program">${script}</script>\n  </body>`);
}

/** Puts the whole page, its style and the simulator into one file that opens from a disk. */
export const singleFile = (): Plugin => ({
  name: 'single-file',
  enforce: 'pre',
  async resolveId(source, importer) {
    if (!NAMES.has(basename(source))) return null;
    const found = await this.resolve(source, importer, { skipSelf: true });
    const other = found && INSTEAD.get(found.id);
    return other ? { id: other } : null;
  },
  generateBundle: {
    order: 'post',
    handler(_options, bundle) {
      const files = Object.values(bundle);
      const chunks = files.filter(file => file.type === 'chunk');
      const styles = files.filter(file => file.type === 'asset' && file.fileName.endsWith('.css'));
      if (chunks.length !== 1)
        throw new Error(`one script was to be built, not ${chunks.map(chunk => chunk.fileName)}`);
      const css = styles.map(file => (file.type === 'asset' ? String(file.source) : '')).join('\n');
      const source = pageOf(chunks[0].code, css);
      for (const file of files) delete bundle[file.fileName];
      this.emitFile({ type: 'asset', fileName: SINGLE_PAGE, source });
    },
  },
});
