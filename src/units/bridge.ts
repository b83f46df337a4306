import type { CheckLog } from '../model/check.ts';
import type { BridgeSpec } from '../model/machine.ts';

/** What a bridge does with a request from below. */
export type BridgeOutcome =
  | { readonly kind: 'forwarded'; readonly rid: number }
  | { readonly kind: 'refused'; readonly rule: 'bridge/source-bus' };

/**
 * A request passes a bridge upwards. A PCIe-to-PCI bridge puts its own requester id on it; one that
 * checks its sources refuses a bus number from outside its range. [PCI 6.12.1.1, ACS source
 * validation]
 */
export function passBridge(
  bridge: BridgeSpec,
  rid: number,
  off: readonly string[],
  log: CheckLog,
): BridgeOutcome {
  if (bridge.checksSource) {
    const bus = rid >>> 8;
    const pass = bridge.buses[0] <= bus && bus <= bridge.buses[1];
    const ignored = !pass && off.includes('bridge/source-bus');
    log?.push({
      rule: 'bridge/source-bus',
      source: '[PCI 6.12.1.1]',
      pass,
      inputs: [
        { ref: 'message.rid', value: rid },
        { ref: `${bridge.name}.firstBus`, value: bridge.buses[0] },
        { ref: `${bridge.name}.lastBus`, value: bridge.buses[1] },
      ],
      ...(ignored && { off: true as const }),
    });
    if (!pass && !ignored) return { kind: 'refused', rule: 'bridge/source-bus' };
  }
  return { kind: 'forwarded', rid: bridge.kind === 'pci' ? bridge.alias : rid };
}
