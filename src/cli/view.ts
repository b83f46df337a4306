import { spawn } from 'node:child_process';
import { unwatchFile, watchFile } from 'node:fs';
import type { Command } from 'commander';
import type { Cell } from '../scenario/resolve.ts';
import { matchesCell } from '../scenario/resolve.ts';
import { cellFilter, collect } from './cells.ts';
import { EXIT, type ExitCode, usageError } from './exit.ts';
import { readText } from './files.ts';
import { loadFiles } from './load.ts';
import { openedFrom, webFolder } from './page-files.ts';
import { type PageServer, servePage } from './serve.ts';

interface ViewFlags {
  readonly open: boolean;
  readonly port: number;
  readonly cell?: string[];
}

/** How often the file is looked at, in milliseconds. */
const LOOK_MS = 300;

/** `irqscope view`: shows a scenario in the browser, and follows the file while it is edited. */
export function addView(program: Command, finish: (code: ExitCode) => void): void {
  program
    .command('view')
    .description('show a scenario in the browser; without a file, those that come with the program')
    .argument('[file]', 'scenario file')
    .option('--no-open', 'print the address only, open no browser')
    .option('--port <n>', 'port of this machine; any free one by default', portNumber, 0)
    .option('--cell <axis=value>', 'the variant to begin with; may be repeated', collect)
    .action(async (file: string | undefined, flags: ViewFlags) =>
      finish(await viewCommand(file, flags)),
    );
}

function portNumber(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port < 65536) return port;
  throw usageError(`--port takes a number below 65536, not '${text}'`);
}

async function viewCommand(file: string | undefined, flags: ViewFlags): Promise<ExitCode> {
  const folder = webFolder();
  if (file !== undefined) readText(file);
  const cell = file === undefined ? null : chosenCell(file, flags.cell ?? []);
  const opened =
    file === undefined
      ? null
      : () => openedFrom(file, { cell, seed: null, at: 'start', live: true });
  const server = await servePage({ folder, opened }, flags.port);
  process.stdout.write(`${server.url}\n`);
  process.stderr.write('Ctrl+C ends it\n');
  if (flags.open) openBrowser(server.url);
  const leave = opened ? follow(opened, server) : () => {};
  await interrupted();
  leave();
  server.close();
  return EXIT.ok;
}

/** The variant that was asked for; null leaves it to the page, which shows the first. */
function chosenCell(file: string, wanted: readonly string[]): Cell | null {
  if (wanted.length === 0) return null;
  const filter = cellFilter(wanted);
  const found = loadFiles([file]).scenarios.find(({ cell }) => matchesCell(filter, cell));
  if (!found) throw usageError(`${file} has no variant ${wanted.join(', ')}`);
  return found.cell;
}

/** Tells the page whenever the file, or one it extends, has changed. */
function follow(opened: () => { file: string; others: object }, server: PageServer): () => void {
  const { file, others } = opened();
  const files = [file, ...Object.keys(others)];
  for (const one of files)
    watchFile(one, { interval: LOOK_MS }, (now, before) => {
      // A file that is being replaced is away for a moment.
      if (now.mtimeMs !== before.mtimeMs && now.nlink > 0) server.changed();
    });
  return () => {
    for (const one of files) unwatchFile(one);
  };
}

const interrupted = (): Promise<void> =>
  new Promise(resolve => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
  });

const OPENERS: Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>> = {
  darwin: ['open'],
  win32: ['cmd', '/c', 'start', ''],
};

/** Opens the address where there is something to open it with; the printed one does otherwise. */
function openBrowser(url: string): void {
  const { platform, env } = process;
  const hasScreen = platform in OPENERS || env.DISPLAY || env.WAYLAND_DISPLAY;
  if (!hasScreen) return;
  const [command, ...args] = OPENERS[platform] ?? ['xdg-open'];
  const child = spawn(command, [...args, url], { stdio: 'ignore', detached: true });
  child.on('error', () => {});
  child.unref();
}
