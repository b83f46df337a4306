import { z } from 'zod';
import { AMD_CONTROL, AMD_FAULTS, type AmdFault, DTE } from '../arch/amdvi.ts';
import { AMD_EVENTS } from '../arch/amdvi-log.ts';
import { COMPAT, WINDOW } from '../arch/message.ts';
import { encode, get } from '../bits/layout.ts';
import type { Word } from '../bits/word.ts';
import { NONE } from '../model/machine.ts';
import type { RemapOutcome, UnitEnv } from '../model/remap.ts';
import type { InterruptRequest, Wire } from '../model/wire.ts';
import {
  type AmdSpec,
  type AmdState,
  amdDevice,
  deviceEntryAddress,
  entryAddress,
  PAGE_BYTES,
  recordAmdEvent,
  translateAmd,
} from '../units/amdvi.ts';
import { badLine, parseLine } from './bad-line.ts';
import {
  hexId,
  hexPair,
  hexWord,
  messageFields,
  messageOf,
  type PrintedMessage,
  printMessage,
  type TranslateProfile,
} from './translate-fields.ts';

const INDEX_MAX = 2047;
const DTE_QUADWORDS = 4;
/** A device table out of the way of any interrupt table: the top 2 MiB of the address space. */
const DEVICE_TABLE_BASE: readonly Word[] = [0xffe001ff, 0x000fffff];

/** Where an address holds the bits of a table root. [AMD 2.2.2.1] */
const ROOT_BITS = { ...DTE.fields.intTabRoot, bit: 6 };

const index = z.int().min(0).max(INDEX_MAX);
/** `none ...` stands for a request that carries no requester id. */
const deviceId = z.union([
  z
    .string()
    .regex(/^none\b/)
    .transform(() => NONE),
  hexId,
]);

const bit = z.int().min(0).max(1).default(0);
/** A device table entry by those of its fields that are about interrupts. */
const dteFields = z
  .object({
    iv: z.int().min(0).max(1),
    intTabLen: z.int().min(0).max(15).default(0),
    ig: bit,
    intTableRoot: hexPair.default([0, 0]),
    initPass: bit,
    eintPass: bit,
    nmiPass: bit,
    intCtl: z.int().min(0).max(3).default(0),
    lint0Pass: bit,
    lint1Pass: bit,
  })
  .transform(({ intTableRoot, eintPass, ...fields }): Word[] => {
    const intTabRoot = get(intTableRoot, ROOT_BITS);
    return encode(DTE, { v: 1, tv: 1, ...fields, eIntPass: eintPass, intTabRoot });
  });

/** A device table entry as it stands in memory, else by its fields. */
const deviceEntrySchema = z
  .looseObject({ raw: z.array(hexPair).length(DTE_QUADWORDS).optional() })
  .transform(({ raw, ...fields }, ctx): Word[] => {
    if (raw) return raw.flat();
    const read = dteFields.safeParse(fields);
    if (read.success) return read.data;
    for (const { path, message } of read.error.issues)
      ctx.addIssue({ code: 'custom', path, message: `${message}, where raw is left out` });
    return z.NEVER;
  });

const lineSchema = z.object({
  id: z.string(),
  setup: z
    .object({
      deviceTablePresent: z.boolean().default(true),
      gaEnabled: z.boolean().optional(),
      irteBits: z.union([z.literal(32), z.literal(128)]).optional(),
      x2apicSupport: z.boolean().default(false),
      unitRemapCapable: z.boolean().default(true),
      dteReadable: z.boolean().default(true),
      irtReadable: z.boolean().default(true),
    })
    .transform(({ gaEnabled, irteBits, ...setup }) => ({
      ...setup,
      gaEnabled: gaEnabled ?? irteBits === 128,
    })),
  dte: deviceEntrySchema,
  table: z
    .array(
      z.union([z.object({ index, val: hexWord }), z.object({ index, lo: hexPair, hi: hexPair })]),
    )
    .default([]),
  request: z.object({ deviceId, ...messageFields }),
});
type Line = z.infer<typeof lineSchema>;
type Entry = Line['table'][number];

type Answer =
  | { readonly outcome: 'passthrough' | 'passthrough-corrupted'; readonly message: PrintedMessage }
  | { readonly outcome: 'remapped'; readonly message: AmdMessage }
  | AmdBlocked;

/** The answer to one request to an AMD-Vi unit. */
export type AmdAnswer = { readonly id: string } & Answer;

/** What an entry makes of a request; `rqEoi` stands where other units have a redirection hint. */
export type AmdMessage = Omit<InterruptRequest, 'redirHint' | 'triggerMode'> & {
  readonly rqEoi: number;
};

/** A refusal: its category in words and by name, and the event that would tell the driver. */
export interface AmdBlocked {
  readonly outcome: 'blocked';
  readonly reason: string;
  readonly faultName: string;
  readonly event: string;
  readonly recorded: boolean;
}

function entryWords(entry: Entry, at: number, gaEnabled: boolean): Word[] {
  const long = 'lo' in entry;
  if (long !== gaEnabled)
    throw badLine(
      `table[${at}]: expected ${gaEnabled ? 'lo and hi' : 'val'}, as setup.gaEnabled says`,
    );
  return long ? [...entry.lo, ...entry.hi] : [entry.val];
}

function stateOf({ setup, dte, table, request }: Line, wire: Wire, spec: AmdSpec): AmdState {
  const device = amdDevice(wire, spec);
  const root = get(dte, DTE.fields.intTabRoot);
  const state: AmdState = {
    kind: 'amdvi',
    control: encode(AMD_CONTROL, {
      iommuEn: setup.deviceTablePresent && setup.unitRemapCapable ? 1 : 0,
      gaEn: setup.gaEnabled ? 1 : 0,
      xtEn: setup.x2apicSupport ? 1 : 0,
    }),
    deviceTableBase: [...DEVICE_TABLE_BASE],
    deviceTable: { [device]: dte },
    tables: {
      [root]: Object.fromEntries(
        table.map((entry, at) => [entry.index, entryWords(entry, at, setup.gaEnabled)]),
      ),
    },
    unreadable: [],
    cache: {},
    events: [],
    status: 0,
  };
  const named = request.data & INDEX_MAX;
  if (!setup.dteReadable) state.unreadable.push(pageOf(deviceEntryAddress(state, device)));
  if (!setup.irtReadable) state.unreadable.push(pageOf(entryAddress(state, root, named)));
  return state;
}

const pageOf = (address: number): number => Math.floor(address / PAGE_BYTES);

const specOf = (profile: TranslateProfile): AmdSpec => ({
  kind: 'amdvi',
  profile,
  cache: 'never',
  eventLogSize: 1,
  off: [],
});

/** The message an interrupt of zeros becomes, as the emulator writes it: level is set. [QEMU] */
const [zeroLow, zeroHigh, zeroData] = encode(COMPAT, { window: WINDOW.first >>> 20, level: 1 });
const ZERO_INTERRUPT = { addressLow: zeroLow, addressHigh: zeroHigh, data: zeroData };

function answerOf(wire: Wire, outcome: RemapOutcome, recorded: boolean): Answer {
  switch (outcome.kind) {
    case 'passthrough':
      return { outcome: 'passthrough', message: printMessage(wire) };
    case 'remapped': {
      if (outcome.entry === NONE)
        return { outcome: 'passthrough-corrupted', message: printMessage(ZERO_INTERRUPT) };
      const { redirHint, triggerMode, ...message } = outcome.request;
      const rqEoi = redirHint | triggerMode;
      return { outcome: 'remapped', message: { ...message, rqEoi } };
    }
    case 'posted':
      throw new Error('AMD-Vi units do not post');
    case 'blocked': {
      const { text, event } = AMD_FAULTS[outcome.fault as AmdFault];
      const { name } = AMD_EVENTS[event];
      return { outcome: 'blocked', reason: text, faultName: outcome.fault, event: name, recorded };
    }
  }
}

const ENV: UnitEnv = { log: null, pick: () => 0 };

/**
 * Answers one request to an AMD-Vi unit. `line` is a parsed line {id, setup, dte, table, request}:
 * numbers as hexadecimal strings, `dte.raw` four quadwords (or the entry's fields about
 * interrupts), `table` the entries that are not zero; further keys are not looked at. A unit that
 * cannot remap (`unitRemapCapable: false`) lets all through. Throws a `badLine` error that names
 * the field at fault.
 */
export function translateAmdLine(line: unknown, profile: TranslateProfile = 'spec'): AmdAnswer {
  const parsed = parseLine(lineSchema, line);
  const spec = specOf(profile);
  const wire: Wire = { ...messageOf(parsed.request), rid: parsed.request.deviceId, pasid: NONE };
  const state = stateOf(parsed, wire, spec);
  const outcome = translateAmd(spec, state, wire, ENV);
  const recorded =
    outcome.kind === 'blocked' &&
    recordAmdEvent(spec, state, { fault: outcome, wire }) === 'recorded';
  return { id: parsed.id, ...answerOf(wire, outcome, recorded) };
}
