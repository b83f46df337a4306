import { AMD_FAULTS, type AmdFault, type AmdFaultFacts, INT_TYPE_MAX } from '../arch/amdvi.ts';
import {
  AMD_EVENTS,
  type AmdEvent,
  EVENT_IO_PAGE_FAULT,
  EVENT_LAYOUTS,
  INTERRUPT_ADDRESS,
  INTERRUPT_ADDRESS_HIGH,
  INTERRUPT_RANGE,
} from '../arch/amdvi-log.ts';
import { decode, type Field, field, get, type Layout, layout } from '../bits/layout.ts';
import { hex64, type Word } from '../bits/word.ts';
import { requestText } from '../model/describe.ts';
import { formatRequester } from '../model/requester.ts';
import { type DecodeProblem, type Decoding, decodingOf, wholeEntry } from './decode.ts';
import { hint, warning } from './decode-terms.ts';

const { deviceId, code, addressLow, addressHigh } = EVENT_IO_PAGE_FAULT.fields;
const middleBit = deviceId.bit + deviceId.width;

/** An event of a kind that is not about interrupts. */
const OTHER_EVENT = layout({
  name: 'AMD-Vi event of another kind',
  bits: 128,
  source: '[AMD 2.5]',
  fields: {
    deviceId,
    rest: field(middleBit, code.bit - middleBit, 'depends on the kind', { reserved: 'ignored' }),
    code,
    addressLow,
    addressHigh,
  },
});

const isEvent = (name: string): name is AmdEvent => name in AMD_EVENTS;

const eventOf = (words: readonly Word[]): AmdEvent | null =>
  Object.keys(AMD_EVENTS)
    .filter(isEvent)
    .find(name => AMD_EVENTS[name].code === get(words, code)) ?? null;

/** Whether these words, lowest first, look like an event this simulator knows. */
export const looksLikeEvent = (words: readonly Word[]): boolean => eventOf(words) !== null;

/**
 * Address bits that count on a bus of 40 bits; wider ones extend the sign. Real logs show both
 * 0xfdf8010140 and 0xfffffffdf8000000. [AMD 2.1.2.1], [LINUX event logs]
 */
const BUS_HIGH_MASK = 0xff;

const asksInterrupt = (words: readonly Word[]): boolean => {
  const high = get(words, addressHigh);
  const { range } = decode(INTERRUPT_ADDRESS, [get(words, addressLow)]);
  const known =
    high === INTERRUPT_ADDRESS_HIGH || high === (INTERRUPT_ADDRESS_HIGH & BUS_HIGH_MASK);
  return known && range === INTERRUPT_RANGE;
};

/** The layout of an event whose address spells out the interrupt that was asked for. */
function withRequest(form: Layout): Layout {
  const { addressLow: _, ...others } = form.fields;
  const asked = Object.entries<Field>(INTERRUPT_ADDRESS.fields).map(([name, f]) => [
    `asked.${name}`,
    { ...f, bit: f.bit + addressLow.bit },
  ]);
  return { ...form, fields: { ...others, ...Object.fromEntries(asked) } };
}

function askedRequest(words: readonly Word[]) {
  const { vector, messageType, destMode, dest, level } = decode(INTERRUPT_ADDRESS, [
    get(words, addressLow),
  ]);
  return { vector, deliveryMode: messageType, destMode, dest, redirHint: 0, triggerMode: level };
}

const flag = (form: Layout, words: readonly Word[], name: string): number =>
  name in form.fields ? get(words, form.fields[name]) : 0;

/** Refusals that only requests other than Fixed and Arbitrated meet. [AMD 2.2.5] */
const UNMAPPED_ONLY: readonly AmdFault[] = [
  'smi-refused',
  'delivery-mode-reserved',
  'logical-destination',
  'pass-bit-clear',
];

/** Refusals of the unit that give an event of these flags. */
function causes(event: AmdEvent, form: Layout, words: readonly Word[]): string[] {
  const all: [string, AmdFaultFacts][] = Object.entries(AMD_FAULTS);
  const asked = asksInterrupt(words) ? askedRequest(words) : null;
  const mapped = asked !== null && asked.deliveryMode <= INT_TYPE_MAX;
  return all
    .filter(([name]) => !(mapped && UNMAPPED_ONLY.some(only => only === name)))
    .filter(
      ([, fault]) =>
        fault.event === event &&
        (fault.present ?? 0) === flag(form, words, 'present') &&
        (fault.reservedNonzero ?? 0) === flag(form, words, 'reservedNonzero') &&
        (fault.type === undefined || fault.type === flag(form, words, 'type')),
    )
    .map(([, { text }]) => text);
}

function problemsOf(
  event: AmdEvent | null,
  interrupt: boolean,
  why: readonly string[],
): DecodeProblem[] {
  if (event === null) return [warning({ field: 'code', text: 'not an event about interrupts' })];
  if (!interrupt) return [warning({ text: 'about a memory request, not about an interrupt' })];
  return why.length > 0 ? [hint(`refused because of ${why.join(', or ')}`)] : [];
}

/** An entry of the AMD-Vi event log: four words, lowest first. [AMD 2.5] */
export const decodeEvent = (words: readonly Word[]): Decoding =>
  eventDecoding(words, formatRequester(get(words, deviceId)));

/** The same, from a line that does not say which device it was. */
export const decodeUnnamedEvent = (words: readonly Word[]): Decoding =>
  eventDecoding(words, 'not named');

function eventDecoding(words: readonly Word[], device: string): Decoding {
  const event = eventOf(words);
  const form = event ? EVENT_LAYOUTS[event] : OTHER_EVENT;
  const asked = event !== null && asksInterrupt(words);
  const interrupt = asked || flag(form, words, 'interrupt') === 1;
  const address = `0x${hex64(get(words, addressHigh), get(words, addressLow))}`;
  const why = event && interrupt ? causes(event, form, words) : [];
  const wanted = asked ? ` asked for ${requestText(askedRequest(words))}` : ` at ${address}`;
  const name = event ? AMD_EVENTS[event].name : `event ${get(words, code)}`;
  return decodingOf<string>({
    kind: 'event',
    entry: wholeEntry<string>(asked ? withRequest(form) : form, words),
    meanings: { deviceId: device },
    summary: `${name}: requester ${device}${wanted}`,
    derived: {
      event: name,
      requester: device,
      address,
      interrupt,
      causes: why.join(', '),
      ...(asked && askedRequest(words)),
    },
    problems: problemsOf(event, interrupt, why),
  });
}
