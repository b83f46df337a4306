import { DESCRIPTOR, PIR_WORDS } from '../arch/posted.ts';
import { bitsIn, hasBit } from '../bits/bitmap.ts';
import { get } from '../bits/layout.ts';
import { hex } from '../bits/word.ts';
import { SLOT } from '../domains/vector-state.ts';
import type { State } from '../engine/state.ts';
import { vectorText } from '../model/describe.ts';
import type { Machine } from '../model/machine.ts';
import type { TableRow } from './tables.ts';

const yesNo = (flag: number | boolean): string => (flag ? 'yes' : 'no');
const list = (vectors: readonly number[]): string => vectors.map(vectorText).join(' ');

/** What a CPU's slot for a vector holds. */
function holderText(machine: Machine, held: number): string {
  if (held >= 0) return machine.irqs[held].name;
  return held === SLOT.shutdown ? '(shut down)' : held === SLOT.retriggered ? '(retriggered)' : '';
}

/** Vectors that somebody holds or that wait, CPU by CPU. */
export function vectorRows(machine: Machine, state: State): TableRow[] {
  return machine.cpus.flatMap((cpu, index) => {
    const domain = machine.domains.findIndex(d => d.kind === 'vector' && d.realm === cpu.realm);
    const layer = state.domains[domain];
    const position = machine.realms[cpu.realm].cpus.indexOf(index);
    const held = layer?.kind === 'vector' ? (layer.table[position] ?? {}) : {};
    const { irr, isr } = state.apics[index];
    const vectors = new Set([...Object.keys(held).map(Number), ...bitsIn(irr), ...bitsIn(isr)]);
    return [...vectors]
      .map(vector => ({ vector, irq: holderText(machine, held[vector] ?? SLOT.unused) }))
      .filter(({ vector, irq }) => irq !== '' || hasBit(irr, vector) || hasBit(isr, vector))
      .sort((a, b) => a.vector - b.vector)
      .map(({ vector, irq }) => ({
        id: `${cpu.name} ${vectorText(vector)}`,
        place: `${cpu.name}.irr[${vectorText(vector)}]`,
        cells: [
          cpu.name,
          vectorText(vector),
          irq,
          yesNo(hasBit(irr, vector)),
          yesNo(hasBit(isr, vector)),
        ],
      }));
  });
}

const SPECIAL = ['nmi', 'smi', 'init', 'extint'] as const;

/** Local APICs as they are. */
export const cpuRows = (machine: Machine, state: State): TableRow[] =>
  machine.cpus.map(({ name }, index) => {
    const apic = state.apics[index];
    const waiting = SPECIAL.filter(kind => apic[kind]).map(kind => kind.toUpperCase());
    return {
      id: name,
      place: name,
      cells: [
        name,
        yesNo(apic.online),
        yesNo(apic.interrupts),
        list(bitsIn(apic.irr)),
        list(bitsIn(apic.isr)),
        waiting.join(' '),
        hex(apic.esr, 2),
      ],
    };
  });

const D = DESCRIPTOR.fields;

/** Posted interrupt descriptors of virtual CPUs. */
export const descriptorRows = (machine: Machine, state: State): TableRow[] =>
  state.descriptors.flatMap((words, index) =>
    words.length === 0 || machine.realms[machine.cpus[index].realm].interrupts !== 'posted'
      ? []
      : [
          {
            id: machine.cpus[index].name,
            place: `${machine.cpus[index].name}.pid`,
            cells: [
              machine.cpus[index].name,
              list(bitsIn(words.slice(0, PIR_WORDS))),
              `${get(words, D.on)}`,
              `${get(words, D.sn)}`,
              vectorText(get(words, D.nv)),
              hex(get(words, D.ndst)),
            ],
          },
        ],
  );
