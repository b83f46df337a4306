import { MSI_FEATURES, missingFeatures } from '../../arch/msi-parent.ts';
import { nearestParent } from '../../model/msi-parent.ts';
import type { RecordRule } from '../rule.ts';

/** A stack came to be although nothing beneath can compose for its store. */
export const missingParent: RecordRule = {
  rule: 'layering/missing-parent-accepted',
  act: 'create',
  judge: ({ machine }, actor, what) => {
    if (what.act !== 'create' || what.error) return null;
    const top = machine.domains.findIndex(domain => domain.name === what.domain);
    const device = machine.devices[machine.domains[top]?.device];
    const parent = device && nearestParent(machine, top);
    if (!device || !parent) return null;
    const [missing] = missingFeatures(parent, device.store);
    if (!missing) return null;
    return {
      source: device.name,
      culprit: actor,
      victim: actor,
      sentence: `${what.domain} was created although no layer beneath can serve it: ${MSI_FEATURES[missing]}`,
    };
  },
};
