import type { RecordRule } from '../rule.ts';
import { unsafeAssignment } from './no-remap.ts';

/** Somebody asked for unsafe assignment, and got it. */
export const unsafeOptin: RecordRule = {
  rule: 'assign/unsafe-optin',
  act: 'assign',
  judge: (known, _actor, what) =>
    known.machine.hypervisor.unsafeAssignment === 'allow'
      ? unsafeAssignment(known, what, 'because the file allows unsafe assignment')
      : null,
};
