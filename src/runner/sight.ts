import type { RaiseLore } from '../check/liveness.ts';
import { messageText, vectorText } from '../model/describe.ts';
import { HOST, type Machine } from '../model/machine.ts';
import type { TraceRecord } from '../model/record.ts';

/** Something a realm got to see, and the record that showed it. */
export interface Seen {
  readonly text: string;
  readonly seq: number;
}

/** Everything a realm gets to see of a run, as far as it could tell two runs apart by it. */
export interface Sight {
  /** Interrupts its CPUs took, in order: its own by name, others by vector. */
  readonly taken: readonly Seen[];
  /** Whether each of its own steps succeeded. */
  readonly answers: readonly Seen[];
  /** What it was given by them: vectors, entries, messages. */
  readonly values: readonly Seen[];
  /** How long its interrupts took, from the raise to the handler. */
  readonly delays: readonly Seen[];
}

/** What a realm sees of a run. Times as such are left out: only the difference of two counts. */
export function sightOf(
  machine: Machine,
  run: { readonly trace: readonly TraceRecord[]; readonly raises: readonly RaiseLore[] },
  realm: number,
): Sight {
  const { trace, raises } = run;
  return {
    taken: trace.flatMap(record => takenBy(machine, record, realm)),
    ...answersTo(machine, trace, realm),
    delays: raises.flatMap(({ irq, owner, seq, servicedSeq, servicedNs, timeNs }) =>
      servicedSeq >= 0 && owner === machine.realms[realm].name
        ? [{ text: `${irq} takes ${servicedNs - timeNs}ns`, seq }]
        : [],
    ),
  };
}

/** The host also works for its guests: what it does for their interrupts is none of its own. */
function isOwn(machine: Machine, irqName: string, realm: number): boolean {
  if (realm !== HOST) return true;
  const irq = machine.irqs.find(spec => spec.name === irqName);
  return irq !== undefined && machine.devices[irq.device].owner === HOST;
}

/** An interrupt a CPU of the realm took; what the host only passes on is none of its own. */
function takenBy(machine: Machine, record: TraceRecord, realm: number): Seen[] {
  if (record.act !== 'service') return [];
  const cpu = machine.cpus.find(spec => spec.name === record.cpu);
  if (cpu?.realm !== realm) return [];
  if (record.outcome === 'forwarded') return [];
  if (realm === HOST && record.outcome === 'system') return [];
  const what = record.irq || (record.vector < 0 ? record.mode : vectorText(record.vector));
  return [{ text: `${record.cpu} takes ${what}: ${record.outcome}`, seq: record.seq }];
}

/** What the realm's own steps brought, in the order of the script. */
function answersTo(
  machine: Machine,
  trace: readonly TraceRecord[],
  realm: number,
): Pick<Sight, 'answers' | 'values'> {
  const { name } = machine.realms[realm];
  const answers: (Seen & { readonly step: number })[] = [];
  const values: Seen[] = [];
  for (const record of trace) {
    if (record.actor !== name) continue;
    const { seq } = record;
    if (record.act === 'result')
      answers.push({
        text: `step ${record.step + 1}: ${record.error ?? 'done'}`,
        seq,
        step: record.step,
      });
    const value = givenBy(machine, record, realm);
    if (value) values.push({ text: value, seq });
  }
  return { answers: answers.sort((a, b) => a.step - b.step), values };
}

/** A number or message the realm was given for an interrupt of its own; empty for other records. */
function givenBy(machine: Machine, record: TraceRecord, realm: number): string {
  if (!('irq' in record) || !isOwn(machine, record.irq, realm)) return '';
  if (record.act === 'alloc' && !record.error)
    return record.vector >= 0
      ? `${record.irq} gets ${record.cpu} ${vectorText(record.vector)}`
      : `${record.irq} gets entry ${record.entry}`;
  if (record.act === 'hypercall' && record.message)
    return `${record.irq} is answered ${messageText(record.message)}`;
  return '';
}
