import { type Machine, NONE } from '../model/machine.ts';
import type { TraceRecord } from '../model/record.ts';

/**
 * What has to be alike for two events of two runs to count as the same: `kind`: that such a thing
 * happened; `outcome`: who got what, and what was refused; `bits`: every word of it.
 */
export type Likeness = 'kind' | 'outcome' | 'bits';

/** Layers that serve one device go by one name: which kind they are is what may differ. */
function layerKind(machine: Machine, domain: string): string {
  const spec = machine.domains.find(({ name }) => name === domain);
  if (!spec) return domain;
  return `${machine.realms[spec.realm].kind} ${spec.device === NONE ? spec.kind : 'bus'}`;
}

const realmKind = (machine: Machine, cpu: string): string => {
  const spec = machine.cpus.find(({ name }) => name === cpu);
  return spec ? machine.realms[spec.realm].kind : '';
};

/** What kind of event a record is, whatever came of it: events of a kind can be twins. */
export function kindOfEvent(machine: Machine, record: TraceRecord): string {
  switch (record.act) {
    case 'create':
    case 'alloc':
    case 'free':
    case 'activate':
    case 'deactivate':
    case 'compose':
    case 'put':
      return `${record.act} ${layerKind(machine, record.domain)}`;
    case 'write':
      return `write ${record.unit} ${record.first}`;
    case 'hypercall':
      return `hypercall ${record.call}`;
    case 'deliver':
    case 'service':
      return `${record.act} ${realmKind(machine, record.cpu)}`;
    default:
      return record.act;
  }
}

/** Parts of a record that tell one run from another without being what happened. */
const NOT_CONTENT = new Set(['seq', 'timeNs', 'causes', 'checks', 'flight', 'step']);
/** Words and numbers: what an outcome does not depend on. */
const ONLY_BITS = new Set([
  'message',
  'words',
  'before',
  'after',
  'first',
  'table',
  'entry',
  'where',
  'domain',
  'kind',
  'record',
  'required',
  'request',
]);

/** What has to be equal in twins of some likeness. */
export function contentOf(record: TraceRecord, likeness: Likeness): string {
  if (likeness === 'kind') return '';
  const parts = Object.entries(record).filter(
    ([key]) => !NOT_CONTENT.has(key) && (likeness === 'bits' || !ONLY_BITS.has(key)),
  );
  return JSON.stringify(
    parts.map(([key, value]) => [key, key === 'outcome' ? plain(value) : value]),
  );
}

/** What a unit decided counts by what comes of it, not by the entry it was found in. */
const plain = (outcome: unknown): unknown =>
  typeof outcome === 'object' && outcome !== null && 'kind' in outcome ? outcome.kind : outcome;
