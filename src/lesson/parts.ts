import type { Machine } from '../model/machine.ts';
import { layerName } from '../report/picture.ts';
import { type Part, type Spot, spotKey } from '../report/spots.ts';
import type { Choice } from './question.ts';

/** Parts of the picture of a kind, from the CPU to the device, as one can choose them. */
function partsOf(machine: Machine, kind: Part): Choice[] {
  const choice = (spot: Spot, text: string): Choice => ({ key: spotKey(spot), text, spot });
  switch (kind) {
    case 'cpu':
      return machine.cpus.map(({ name }) => choice({ part: 'cpu', of: name }, `CPU ${name}`));
    case 'unit':
      return machine.remap.kind === 'none'
        ? []
        : [choice({ part: 'unit', of: '' }, 'remap unit (IO | MMU)')];
    case 'bridge':
      return [
        choice({ part: 'bridge', of: '' }, 'bridge'),
        ...machine.bridges.map(({ name }) =>
          choice({ part: 'bridge', of: name }, `bridge ${name}`),
        ),
      ];
    case 'bus':
      return [choice({ part: 'bus', of: '' }, 'bus')];
    case 'device':
      return machine.devices.map(({ name }) =>
        choice({ part: 'device', of: name }, `device ${name}`),
      );
    case 'domain':
      return machine.domains.map(({ name }, index) =>
        choice({ part: 'domain', of: name }, layerName(machine, index)),
      );
    case 'hypervisor':
      return machine.realms.length > 1
        ? [choice({ part: 'hypervisor', of: '' }, 'hypervisor')]
        : [];
    case 'realm':
      return machine.realms.map(({ name }) =>
        choice({ part: 'realm', of: name }, `${name}’s code`),
      );
  }
}

/** Parts of some kinds, in the order of the kinds. */
export const choosableParts = (machine: Machine, kinds: readonly Part[]): Choice[] =>
  kinds.flatMap(kind => partsOf(machine, kind));
