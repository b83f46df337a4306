import type { Machine } from '../model/machine.ts';
import type { TraceRecord } from '../model/record.ts';
import type { Finding } from '../model/violation.ts';

/**
 * Whether a finding is an interrupt that was already on its way when its vector was released, and
 * the policy gives such arrivals time.
 */
export function withinGrace(
  machine: Machine,
  trace: readonly TraceRecord[],
  finding: Finding,
): boolean {
  const { graceNs } = machine.policy;
  if (graceNs === 0 || finding.rule !== 'isolation/stale-inflight') return false;
  const release = trace.findLast(
    record => record.seq < finding.seq && record.act === 'free' && isHit(record, finding),
  );
  return release !== undefined && trace[finding.seq].timeNs - release.timeNs <= graceNs;
}

const isHit = (record: TraceRecord, { effect }: Finding): boolean =>
  record.act === 'free' && record.cpu === effect?.target && record.vector === effect.vector;
