import { existsSync, writeFileSync } from 'node:fs';
import { basename, dirname, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { suggest } from '../scenario/problem.ts';
import { TEMPLATES, templateText } from '../scenario/templates.ts';
import { EXIT, type ExitCode, usageError } from './exit.ts';

/** The JSON Schema, beside the bundled command line. */
const SCHEMA = fileURLToPath(new URL('../scenario.v1.json', import.meta.url));

/** `irqscope new`: a scenario to begin with. */
export function addNew(program: Command, finish: (code: ExitCode) => void): void {
  program
    .command('new')
    .description('write a scenario to begin with; without a template, list them')
    .argument('[template]', 'what it shows')
    .argument('[name]', 'the file to write, without .yaml; by default it is printed')
    .action((template?: string, name?: string) => finish(newCommand(template, name)));
}

function newCommand(template: string | undefined, path: string | undefined): ExitCode {
  if (template === undefined) {
    process.stdout.write(listText());
    return EXIT.ok;
  }
  const found = TEMPLATES.find(({ name }) => name === template);
  if (!found) {
    const names = TEMPLATES.map(({ name }) => name);
    throw usageError(`there is no template '${template}'; ${suggest(template, names)}`);
  }
  if (path === undefined) {
    process.stdout.write(templateText(found, { name: template, schema: schemaFrom('.') }));
    return EXIT.ok;
  }
  const file = path.endsWith('.yaml') ? path : `${path}.yaml`;
  const name = basename(file, '.yaml');
  if (!/^[a-z0-9][a-z0-9-]*$/.test(name))
    throw usageError(
      `a name has lower-case letters, digits and -, such as my-first, not '${name}'`,
    );
  if (existsSync(file)) throw usageError(`${file} is there already`);
  if (!existsSync(dirname(file))) throw usageError(`there is no folder ${dirname(file)}`);
  writeFileSync(file, templateText(found, { name, schema: schemaFrom(dirname(file)) }));
  process.stdout.write(`${file}\nnow: irqscope run ${file}\n`);
  return EXIT.ok;
}

function listText(): string {
  const width = Math.max(...TEMPLATES.map(({ name }) => name.length));
  const lines = TEMPLATES.map(({ name, about }) => `  ${name.padEnd(width)}  ${about}`);
  return `irqscope new TEMPLATE [NAME]\n\n${lines.join('\n')}\n`;
}

/** Path of the JSON Schema as a file in a folder names it; empty where it is not installed. */
function schemaFrom(folder: string): string {
  if (!existsSync(SCHEMA)) return '';
  const path = relative(resolve(folder), SCHEMA).split(sep).join('/');
  return path.startsWith('.') ? path : `./${path}`;
}
