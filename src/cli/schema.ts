import { type Command, Option } from 'commander';
import { editorSchema } from '../scenario/editor-schema.ts';
import { EXIT, type ExitCode } from './exit.ts';

interface SchemaFlags {
  readonly draft: '7' | '2020-12';
}

/** `irqscope schema`: prints the JSON Schema of scenario files, which editors complete and check by. */
export function addSchema(program: Command, finish: (code: ExitCode) => void): void {
  program
    .command('schema')
    .description('print the JSON Schema of scenario files')
    .addOption(
      new Option('--draft <draft>', 'dialect; YAML servers of editors read 7')
        .choices(['7', '2020-12'])
        .default('7'),
    )
    .action((flags: SchemaFlags) => {
      const schema = editorSchema(`draft-${flags.draft}`);
      process.stdout.write(`${JSON.stringify(schema, null, 1)}\n`);
      finish(EXIT.ok);
    });
}
