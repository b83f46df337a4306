import type { Exploration } from '../../src/explore/explore.ts';
import { HOST } from '../../src/model/machine.ts';

const NOTHING = '-';

/** The part of a world both models agree on, as one text a state; see README.md in this folder. */
export function projections({ scenario, search }: Exploration): Set<string> {
  const { machine } = scenario;
  const irqOf = (name: string): number => machine.irqs.findIndex(irq => irq.name === name);
  const deviceOf = (name: string): number => machine.devices.findIndex(one => one.name === name);
  const vectorLayer = (realm: string): number =>
    machine.domains.findIndex(
      one => one.kind === 'vector' && machine.realms[one.realm].name === realm,
    );
  const remapLayer = machine.domains.findIndex(one => one.kind === 'remap' && one.realm === HOST);
  const guests = [
    { realm: 'attacker', device: 'dut' },
    { realm: 'victim', device: 'other' },
  ].map(({ realm, device }) => ({
    held: `state.domains[${vectorLayer(realm)}].irqs.${irqOf(`${device}.0`)}`,
    bound: `state.hypervisor.bindings.${irqOf(`${device}.0`)}`,
    entry: `state.domains[${remapLayer}].irqs.${irqOf(`${device}.0`)}`,
    store: `state.stores[${deviceOf(device)}]`,
  }));
  const found = new Set<string>();
  for (let state = 0; state < search.states; state++) {
    const parts = search.contentsOf(state);
    const sides = guests.map(({ held, bound, entry }) =>
      [
        parts[held] === undefined ? 0 : 1,
        parts[bound] === undefined ? 0 : 1,
        (parts[entry] as { index: number } | undefined)?.index ?? NOTHING,
      ].join(' '),
    );
    const messages = guests.map(({ store }) =>
      (parts[store] as { slots: number[][] }).slots[0].slice(0, 3).join(':'),
    );
    found.add([...sides, ...messages].join(' | '));
  }
  return found;
}
