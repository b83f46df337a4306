import { z } from 'zod';
import { FRCD, GSTS, IRTA } from '../arch/vtd.ts';
import { encode, get, set } from '../bits/layout.ts';
import { hex, hex64, type Word } from '../bits/word.ts';
import { NONE } from '../model/machine.ts';
import type { BlockedOutcome, RemapOutcome, UnitEnv } from '../model/remap.ts';
import type { InterruptRequest, Wire } from '../model/wire.ts';
import {
  recordVtdFault,
  tablePage,
  translateVtd,
  type VtdSpec,
  type VtdState,
} from '../units/vtd.ts';
import { parseLine } from './bad-line.ts';
import {
  hexId,
  hexPair,
  messageFields,
  messageOf,
  type PrintedMessage,
  printMessage,
  type TranslateProfile,
} from './translate-fields.ts';

const INDEX_MAX = 0xffff;
const isTableSize = (entries: number): boolean =>
  entries >= 2 && entries <= INDEX_MAX + 1 && Number.isInteger(Math.log2(entries));

const lineSchema = z.object({
  id: z.string(),
  setup: z
    .object({
      irEnabled: z.boolean(),
      compatFormatAllowed: z.boolean().default(false),
      irta: hexPair.optional(),
      root: hexPair.optional(),
      entries: z.int().refine(isTableSize, 'Expected a power of two from 2 to 65536').optional(),
      x2apicMode: z.boolean().optional(),
      tableReadable: z.boolean().default(true),
    })
    .refine(setup => setup.irta || (setup.entries && setup.x2apicMode !== undefined), {
      path: ['irta'],
      message: 'Expected the register, or entries and x2apicMode',
    }),
  table: z
    .array(z.object({ index: z.int().min(0).max(INDEX_MAX), lo: hexPair, hi: hexPair }))
    .default([]),
  request: z.object({ sourceId: hexId, ...messageFields }),
});
type Line = z.infer<typeof lineSchema>;

type Answer =
  | { readonly outcome: 'passthrough'; readonly message: PrintedMessage }
  | { readonly outcome: 'remapped'; readonly message: InterruptRequest }
  | { readonly outcome: 'posted'; readonly message: PostedMessage }
  | VtdBlocked;

/** The answer to one request to a VT-d unit. */
export type VtdAnswer = { readonly id: string } & Answer;

/** Where a posted interrupt is noted. */
export interface PostedMessage {
  readonly descriptor: string;
  readonly vector: number;
  readonly urgent: number;
}

/** A refusal; the last two keys tell the fault record, where one is written. */
export interface VtdBlocked {
  readonly outcome: 'blocked';
  readonly faultReason: string;
  readonly faultName: string;
  readonly recorded: boolean;
  readonly faultSourceId?: string;
  readonly faultIndex?: number;
}

/** The table pointer register: as given, or put together from its fields. */
function irtaOf({ irta, root, entries = 2, x2apicMode }: Line['setup']): Word[] {
  if (irta) return irta;
  const register = encode(IRTA, { size: Math.log2(entries) - 1, eime: x2apicMode ? 1 : 0 });
  if (root) set(register, IRTA.fields.base, get(root, IRTA.fields.base));
  return register;
}

function stateOf({ setup, table }: Line): VtdState {
  const [gsts] = encode(GSTS, {
    ires: setup.irEnabled ? 1 : 0,
    cfis: setup.compatFormatAllowed ? 1 : 0,
    irtps: 1,
  });
  const irta = irtaOf(setup);
  const page = tablePage(irta);
  return {
    kind: 'vtd',
    gsts,
    irta,
    tables: { [page]: Object.fromEntries(table.map(e => [e.index, [...e.lo, ...e.hi]])) },
    unreadable: setup.tableReadable ? [] : [page],
    cache: {},
    frcd: [[0, 0, 0, 0]],
    nextRecord: 0,
    fsts: 0,
  };
}

const specOf = (profile: TranslateProfile): VtdSpec => ({
  kind: 'vtd',
  profile,
  cache: 'never',
  cachesNotPresent: false,
  faultRecords: 1,
  posting: true,
  off: [],
});

function answerOf(state: VtdState, wire: Wire, outcome: RemapOutcome): Answer {
  switch (outcome.kind) {
    case 'passthrough':
      return { outcome: 'passthrough', message: printMessage(wire) };
    case 'remapped':
      return { outcome: 'remapped', message: outcome.request };
    case 'posted': {
      const { addressHigh, addressLow, vector, urgent } = outcome;
      const descriptor = `0x${hex64(addressHigh, addressLow)}`;
      return { outcome: 'posted', message: { descriptor, vector, urgent } };
    }
    case 'blocked':
      return blockedAnswer(state, wire, outcome);
  }
}

function blockedAnswer(state: VtdState, wire: Wire, outcome: BlockedOutcome): VtdBlocked {
  const recorded = recordVtdFault(state, outcome, wire.rid) === 'recorded';
  const [record] = state.frcd;
  return {
    outcome: 'blocked',
    faultReason: `0x${hex(outcome.code, 2)}`,
    faultName: outcome.fault,
    recorded,
    ...(recorded && {
      faultSourceId: `0x${hex(get(record, FRCD.fields.sid), 4)}`,
      faultIndex: get(record, FRCD.fields.index),
    }),
  };
}

const ENV: UnitEnv = { log: null, pick: () => 0 };

/**
 * Answers one request to a VT-d unit. `line` is a parsed line {id, setup, table, request}: numbers
 * as hexadecimal strings, `irta` as the register holds it or its fields, `table` the entries that
 * are not zero; further keys are not looked at. Throws a `badLine` error that names the field at
 * fault.
 */
export function translateVtdLine(line: unknown, profile: TranslateProfile = 'spec'): VtdAnswer {
  const parsed = parseLine(lineSchema, line);
  const state = stateOf(parsed);
  const wire: Wire = { ...messageOf(parsed.request), rid: parsed.request.sourceId, pasid: NONE };
  const outcome = translateVtd(specOf(profile), state, wire, ENV);
  return { id: parsed.id, ...answerOf(state, wire, outcome) };
}
