import { HOST, type Machine } from '../model/machine.ts';
import type { TraceRecord } from '../model/record.ts';
import type { Message } from '../model/wire.ts';
import { placeOf, type Spot } from './spots.ts';

/** One thing a layer gave to a message that is being made. */
export type Gift =
  | { readonly kind: 'place'; readonly cpu: string; readonly vector: number }
  | { readonly kind: 'entry'; readonly entry: number }
  | { readonly kind: 'message'; readonly message: Message }
  | { readonly kind: 'stored' }
  | { readonly kind: 'asked' };

/** A record that added to a message in the making, or moved it. */
export interface Stage {
  readonly seq: number;
  readonly spot: Spot;
  readonly gift: Gift | null;
}

/** A message in the making: from the first thing given to it until the device can find it. */
export interface Draft {
  /** Its first record. */
  readonly id: number;
  readonly realm: string;
  readonly irq: string;
  /** Written by hand rather than composed. */
  readonly raw: boolean;
  readonly stages: readonly Stage[];
  /** The record with which it is in its store, handed over or given up; -1 while it stays. */
  readonly endSeq: number;
}

interface Open {
  id: number;
  realm: string;
  irq: string;
  raw: boolean;
  stages: Stage[];
  endSeq: number;
}

/** Register of a slot that completes a message. */
const DATA = 2;

/** What is in the making now, and everything that was. */
interface Book {
  readonly machine: Machine;
  readonly drafts: Open[];
  readonly live: Map<string, Open>;
}

const keyOf = (realm: string, irq: string): string => `${realm} ${irq}`;

function open(book: Book, seq: number, realm: string, irq: string): Open {
  const known = book.live.get(keyOf(realm, irq));
  if (known) return known;
  const draft = { id: seq, realm, irq, raw: false, stages: [], endSeq: -1 };
  book.drafts.push(draft);
  book.live.set(keyOf(realm, irq), draft);
  return draft;
}

function end(book: Book, draft: Open | undefined, seq: number): void {
  if (!draft) return;
  draft.endSeq = seq;
  book.live.delete(keyOf(draft.realm, draft.irq));
}

function add(book: Book, draft: Open | undefined, record: TraceRecord, gift: Gift | null): void {
  draft?.stages.push({ seq: record.seq, spot: placeOf(book.machine, record).at, gift });
}

/** All messages in the making of a trace, in order of their beginning. */
export function draftsOf(machine: Machine, trace: readonly TraceRecord[]): Draft[] {
  const book: Book = { machine, drafts: [], live: new Map() };
  for (const record of trace) take(book, record);
  return book.drafts;
}

function realmOf({ machine }: Book, domain: string, actor: string): string {
  const spec = machine.domains.find(({ name }) => name === domain);
  return spec ? machine.realms[spec.realm].name : actor;
}

function take(book: Book, record: TraceRecord): void {
  switch (record.act) {
    case 'alloc':
    case 'compose': {
      const gift = giftOf(record);
      const realm = realmOf(book, record.domain, record.actor);
      if (gift) add(book, open(book, record.seq, realm, record.irq), record, gift);
      return;
    }
    case 'forge':
      return forge(book, record);
    case 'put': {
      const draft = book.live.get(keyOf(realmOf(book, record.domain, record.actor), record.irq));
      add(book, draft, record, { kind: 'message', message: record.message });
      return;
    }
    case 'hypercall': {
      const host = book.machine.realms[HOST].name;
      add(book, book.live.get(keyOf(record.actor, record.irq)), record, { kind: 'asked' });
      end(book, book.live.get(keyOf(host, record.irq)), record.seq);
      return;
    }
    case 'trap':
    case 'write': {
      const draft = liveOf(book, record);
      add(book, draft, record, record.act === 'write' ? { kind: 'stored' } : null);
      if (completes(record)) end(book, draft, record.seq);
      return;
    }
    case 'emit':
    case 'free':
      for (const draft of [...book.live.values()])
        if (draft.irq === record.irq) end(book, draft, record.seq);
  }
}

function forge(book: Book, record: Extract<TraceRecord, { act: 'forge' }>): void {
  end(book, book.live.get(keyOf(record.actor, record.irq)), record.seq);
  const draft = open(book, record.seq, record.actor, record.irq);
  draft.raw = true;
  add(book, draft, record, { kind: 'message', message: record.message });
}

function giftOf(record: Extract<TraceRecord, { act: 'alloc' | 'compose' }>): Gift | null {
  if (record.error) return null;
  if (record.act === 'compose')
    return record.message ? { kind: 'message', message: record.message } : null;
  if (record.vector >= 0) return { kind: 'place', cpu: record.cpu, vector: record.vector };
  return record.entry >= 0 ? { kind: 'entry', entry: record.entry } : null;
}

/** The access reaches the register that makes a message whole. */
function completes(record: Extract<TraceRecord, { act: 'trap' | 'write' }>): boolean {
  if (record.act === 'trap' && record.slot < 0) return false;
  const count = record.act === 'trap' ? record.words.length : record.after.length;
  return record.first <= DATA && record.first + count > DATA;
}

/** The message in the making whose slot an access touches; nothing while it is not put there. */
function liveOf(
  { machine, live }: Book,
  record: Extract<TraceRecord, { act: 'trap' | 'write' }>,
): Open | undefined {
  if (record.act === 'write' && record.unit !== 'store') return undefined;
  const device = record.act === 'trap' ? record.device : record.of;
  const slot = record.act === 'trap' ? record.slot : record.at;
  return [...live.values()].find(draft => {
    if (draft.realm !== record.actor || !draft.stages.some(hasMessage)) return false;
    const irq = machine.irqs.find(({ name }) => name === draft.irq);
    const spec = irq && machine.devices[irq.device];
    return spec?.name === device && (spec.store === 'msi' || irq?.slot === slot);
  });
}

const hasMessage = ({ gift }: Stage): boolean => gift?.kind === 'message';
