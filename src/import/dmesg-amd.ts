import { AMD_EVENTS } from '../arch/amdvi-log.ts';
import { encode, field, layout } from '../bits/layout.ts';
import { parseHex64, type Word } from '../bits/word.ts';
import { DEVICE, deviceOf } from './dmesg-vtd.ts';

/** An event log entry as a line of a log tells it: four words, lowest first. */
export interface LoggedEvent {
  readonly dialect: string;
  readonly segment: number;
  readonly words: readonly Word[];
  /** The line does not say which device: its requester id reads as 0. */
  readonly unnamed?: true;
}

/** An event as logs print it: `flags` are bits 59:48. [LINUX drivers/iommu/amd/iommu.c] */
const PRINTED = layout({
  name: 'AMD-Vi event as printed',
  bits: 128,
  source: '[LINUX drivers/iommu/amd/iommu.c iommu_print_event]',
  fields: {
    deviceId: field(0, 16, 'requester id'),
    pasidHigh: field(16, 4, 'PASID 19:16'),
    rsvd20: field(20, 12, 'not printed', { reserved: 'ignored' }),
    domain: field(32, 16, 'domain id or PASID 15:0'),
    flags: field(48, 12, 'flags'),
    code: field(60, 4, 'event code'),
    addressLow: field(64, 32, 'address, bits 31:0'),
    addressHigh: field(96, 32, 'address, bits 63:32'),
  },
});
const RID_END = 2 ** PRINTED.fields.deviceId.width;
const FLAGS_END = 2 ** PRINTED.fields.flags.width;
const DOMAIN_SPAN = 2 ** PRINTED.fields.domain.width;
const PASID_SPAN = DOMAIN_SPAN * 2 ** PRINTED.fields.pasidHigh.width;

const CODES = new Map<string, number>(
  Object.values(AMD_EVENTS).map(({ code, name }) => [name, code]),
);
const NAME = `(?<name>${[...CODES.keys()].join('|')})`;

interface PrintedEvent {
  readonly name: string;
  readonly rid: number;
  /** Domain id or PASID. */
  readonly domain: number;
  readonly address: string;
  readonly flags: number;
}

function eventWords({ name, rid, domain, address, flags }: PrintedEvent): Word[] | null {
  const at = parseHex64(address);
  const code = CODES.get(name);
  if (!at || code === undefined) return null;
  if (!(flags < FLAGS_END && domain < PASID_SPAN && rid < RID_END)) return null;
  const [addressLow, addressHigh] = at;
  return encode(PRINTED, {
    deviceId: rid,
    pasidHigh: Math.floor(domain / DOMAIN_SPAN),
    domain: domain % DOMAIN_SPAN,
    flags,
    code,
    addressLow,
    addressHigh,
  });
}

const number = (text: string | undefined): number => (text === undefined ? 0 : Number(text));

const LINUX = new RegExp(`${NAME} (?<pairs>[^\\]]*)`);
const NAMED_DEVICE = new RegExp(`device=${DEVICE}`, 'i');
/** Linux leaves the device out of a page fault where the line begins with it. */
const LEADING_DEVICE = new RegExp(`${DEVICE}: AMD-Vi:`, 'i');

/** Linux: `NAME device=... domain=... address=... flags=...`. */
function readLinux(text: string): LoggedEvent | null {
  const groups = LINUX.exec(text)?.groups;
  if (!groups) return null;
  const device = (NAMED_DEVICE.exec(text) ?? LEADING_DEVICE.exec(text))?.groups;
  const pairs = Object.fromEntries(
    [...groups.pairs.matchAll(/(\w+)=(\w+)/g)].map(([, key, value]) => [key.toLowerCase(), value]),
  );
  const { segment, rid } = device ? deviceOf(device) : { segment: 0, rid: 0 };
  const words = eventWords({
    name: groups.name,
    rid,
    domain: number(pairs.domain ?? pairs.pasid),
    address: pairs.address ?? '',
    flags: number(pairs.flags),
  });
  return words && { dialect: 'linux', segment, words, ...(!device && { unnamed: true }) };
}

const XEN = new RegExp(
  `AMD-Vi: ${NAME}: ${DEVICE} d(?<domain>\\d+) addr (?<address>[0-9a-f]+) flags (?<flags>\\w+)`,
);
const XEN_OLD = new RegExp(
  `AMD-Vi: ${NAME}: domain = (?<domain>\\d+), device id = (?<rid>\\w+), fault address = (?<address>\\w+), flags = (?<flags>\\w+)`,
);

/** Xen: `NAME: device d0 addr ... flags ...`, formerly `NAME: domain = 0, device id = ...`. */
function readXen(text: string): LoggedEvent | null {
  const groups = (XEN.exec(text) ?? XEN_OLD.exec(text))?.groups;
  if (!groups) return null;
  const old = groups.rid === undefined ? null : { segment: 0, rid: number(groups.rid) };
  const { segment, rid } = old ?? deviceOf(groups);
  const { name, address } = groups;
  const domain = number(groups.domain);
  const words = eventWords({ name, rid, domain, address, flags: number(groups.flags) });
  return words && { dialect: 'xen', segment, words };
}

const RAW = /event\[0\]=(\w+) event\[1\]=(\w+) event\[2\]=(\w+) event\[3\]=(\w+)/;
const XEN_RAW = /AMD-Vi: \w+:? ([\da-f]{8}) ([\da-f]{8}) ([\da-f]{8}) ([\da-f]{8})\b/;

/** Linux where it does not know the kind, Xen for all but page faults: four words. */
function readRaw(text: string): LoggedEvent | null {
  const xen = XEN_RAW.exec(text)?.slice(1);
  if (xen) return { dialect: 'xen', segment: 0, words: xen.map(digits => Number(`0x${digits}`)) };
  const words = RAW.exec(text)?.slice(1).map(Number);
  if (!words?.every(word => Number.isInteger(word) && word < 2 ** 32)) return null;
  return { dialect: 'linux', segment: 0, words };
}

/** An AMD-Vi event about interrupts or page faults; null for other lines. */
export const readAmdEvent = (text: string): LoggedEvent | null =>
  readXen(text) ?? readLinux(text) ?? readRaw(text);
