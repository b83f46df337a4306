import type { Happening } from '../../model/record.ts';
import type { Blame, Known, RecordRule } from '../rule.ts';

/** A device was given away with nothing that keeps its messages to it. */
export const noRemap: RecordRule = {
  rule: 'assign/no-remap',
  act: 'assign',
  judge: (known, _actor, what) =>
    known.machine.hypervisor.unsafeAssignment === 'allow'
      ? null
      : unsafeAssignment(known, what, 'with no more than a warning'),
};

/** Blame for a device that was assigned though its messages can go anywhere; null for any other. */
export function unsafeAssignment({ machine }: Known, what: Happening, how: string): Blame | null {
  if (what.act !== 'assign' || what.verdict !== 'unsafe') return null;
  const realm = machine.realms.find(({ name }) => name === what.realm);
  if (realm?.kind !== 'guest') return null;
  return {
    source: what.device,
    culprit: what.realm,
    victim: machine.realms[0].name,
    sentence: `${what.device} was given to ${what.realm} ${how}; no remap unit checks what it sends`,
  };
}
