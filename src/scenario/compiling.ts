import { DELIVERY_MODES } from '../arch/message.ts';
import type { Machine } from '../model/machine.ts';
import { amdMessage, compatMessage, remappableMessage } from '../model/message.ts';
import type { Step } from '../model/program.ts';
import type { Message } from '../model/wire.ts';
import type { Linker } from './linker.ts';
import { deviceIndex, irqIndex } from './references.ts';
import type { MessageYaml, StepYaml } from './schema-steps.ts';
import type { Path } from './source-tree.ts';
import { toWord } from './values.ts';

/** A step as the file has it, with its place: what expectations on steps refer to. */
export interface SourceStep {
  readonly yaml: StepYaml;
  readonly path: Path;
}

/** What compiling steps works on. */
export interface Compiling {
  readonly linker: Linker;
  readonly machine: Machine;
  readonly steps: Step[];
  readonly sources: SourceStep[];
  readonly sequences: number[][];
  readonly interleaved: boolean;
  /** Realm each device belongs to at this point of the script. */
  readonly owners: number[];
}

/** Index of an interrupt by its name, such as `nic0.0`. */
export const irq = (c: Compiling, path: Path, name: string): number =>
  irqIndex(c.linker, c.machine, path, name);

/** Index of a device by its name. */
export const device = (c: Compiling, path: Path, name: string): number =>
  deviceIndex(c.linker, c.machine, path, name);

/** The words of a message spelled out in a file. */
export function messageOf(yaml: MessageYaml): Message {
  if (!('format' in yaml))
    return {
      addressLow: toWord(yaml.address),
      addressHigh: toWord(yaml.addressHigh ?? 0),
      data: toWord(yaml.data),
    };
  switch (yaml.format) {
    case 'compat':
      return compatMessage({
        dest: yaml.dest,
        destMode: yaml.logical ? 1 : 0,
        vector: yaml.vector,
        deliveryMode: DELIVERY_MODES.indexOf(yaml.mode ?? 'fixed'),
      });
    case 'remappable':
      return remappableMessage(yaml.handle, yaml.shv ?? 1, yaml.subhandle ?? 0);
    case 'index':
      return amdMessage(yaml.index);
  }
}
