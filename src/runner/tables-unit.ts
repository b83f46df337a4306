import { FRCD, IRTE, IRTE_POSTED, VTD_FAULTS } from '../arch/vtd.ts';
import { decode, get } from '../bits/layout.ts';
import { hex, type Word } from '../bits/word.ts';
import type { State } from '../engine/state.ts';
import { vectorText } from '../model/describe.ts';
import type { Machine } from '../model/machine.ts';
import { formatRequester } from '../model/requester.ts';
import { decodeAmdIrte, decodeAmdIrte32 } from '../report/decode-amd.ts';
import { decodeEvent } from '../report/decode-event.ts';
import { decodeIrte } from '../report/decode-irte.ts';
import { tablePage } from '../units/vtd.ts';
import type { TableRow } from './tables.ts';

/** Words as people write an entry: the highest first. */
const wordsText = (words: readonly Word[]): string =>
  [...words]
    .reverse()
    .map(w => hex(w))
    .join(' ');

/** Entries of the table or tables in memory that hold anything. */
export function entryRows(machine: Machine, state: State): TableRow[] {
  const { remap } = state;
  if (remap.kind === 'vtd') {
    const table = remap.tables[tablePage(remap.irta)] ?? {};
    return Object.entries(table).map(([index, words]) => ({
      id: index,
      place: `ir.irte[${index}]`,
      cells: [
        '',
        index,
        ...vtdCells(machine, words),
        cachedText(remap.cache[Number(index)], words),
      ],
    }));
  }
  if (remap.kind === 'amdvi')
    return Object.entries(remap.tables).flatMap(([root, table]) =>
      Object.entries(table).map(([index, words]) => ({
        id: `${root}/${index}`,
        place: `ir.irte[${index}]`,
        cells: [hex(Number(root)), index, ...amdCells(machine, words), ''],
      })),
    );
  return [];
}

const cachedText = (cached: readonly Word[] | undefined, words: readonly Word[]): string => {
  if (!cached) return '';
  return cached.every((word, i) => word === (words[i] ?? 0)) ? 'same' : wordsText(cached);
};

function vtdCells(machine: Machine, words: readonly Word[]): string[] {
  const mode = machine.remap.kind === 'vtd' && machine.remap.eime ? 'x2apic' : 'xapic';
  const { fields, derived } = decodeIrte(words, mode).document;
  const posted = get(words, IRTE.fields.im) === 1;
  const f = posted ? IRTE_POSTED.fields : IRTE.fields;
  const present = get(words, f.present) ? '' : 'not present, ';
  const dest = fields.find(({ name }) => name === 'dest')?.meaning ?? '';
  return [
    `${present}${posted ? 'posted' : 'remapped'}`,
    vectorText(get(words, f.vector)),
    posted ? String(derived.descriptor) : dest,
    `${formatRequester(get(words, f.sid))} svt=${get(words, f.svt)} sq=${get(words, f.sq)}`,
    wordsText(words),
  ];
}

function amdCells(machine: Machine, words: readonly Word[]): string[] {
  const { remap } = machine;
  const xten = remap.kind === 'amdvi' && remap.xten;
  const short = remap.kind === 'amdvi' && remap.entryBits === 32;
  const { derived, fields } = short
    ? decodeAmdIrte32(words.slice(0, 1)).document
    : decodeAmdIrte(words, xten ? 'x2apic' : 'xapic').document;
  const value = (name: string): number => fields.find(field => field.name === name)?.value ?? 0;
  return [
    derived.enabled ? 'remapped' : 'disabled',
    vectorText(value('vector')),
    fields.find(({ name }) => name === 'dest')?.meaning ?? '',
    '',
    wordsText(words),
  ];
}

/** Refusals the unit noted, oldest first. */
export function faultRows(_machine: Machine, { remap }: State): TableRow[] {
  if (remap.kind === 'vtd')
    return remap.frcd.flatMap((words, index) => {
      const { fault, reason, sid, index: entry } = decode(FRCD, words);
      if (!fault) return [];
      const known = Object.entries(VTD_FAULTS).find(([code]) => Number(code) === reason);
      const name = known ? ` ${known[1].name}` : '';
      const cells = [`${index}`, `0x${hex(reason, 2)}${name}`, formatRequester(sid), `${entry}`];
      return [{ id: `${index}`, place: `ir.fault[${index}]`, cells }];
    });
  if (remap.kind === 'amdvi')
    return remap.events.map((words, index) => ({
      id: `${index}`,
      place: `ir.event[${index}]`,
      cells: [`${index}`, decodeEvent(words).document.summary, '', ''],
    }));
  return [];
}
