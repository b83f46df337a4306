import { HOST, type Machine, NONE } from '../model/machine.ts';
import { ZERO_MESSAGE } from '../model/message.ts';
import type { Happening } from '../model/record.ts';
import { type Message, sameMessage } from '../model/wire.ts';
import { entryKey, type Ledger, ownerOf, type SlotLore, slotKey, vectorKey } from './ledger.ts';
import { switchesOn } from './liveness.ts';
import { countEmission, countFault, countInvalidation } from './usage.ts';

type Of<A extends Happening['act']> = Extract<Happening, { act: A }>;

/** Messages of a slot that are remembered. */
const PUTS_MAX = 4;

const emptySlot = (): SlotLore => ({
  words: [0, 0, 0],
  writers: ['', '', ''],
  puts: [],
  traps: 0,
  forged: 0,
});

const slotAt = (ledger: Ledger, key: string): SlotLore => {
  ledger.slots[key] ??= emptySlot();
  return ledger.slots[key];
};

/** Adds one record to what is known. */
export function learn(machine: Machine, ledger: Ledger, actor: string, what: Happening): void {
  switch (what.act) {
    case 'alloc':
      if (!what.error) hold(machine, ledger, actor, what);
      break;
    case 'free':
      release(machine, ledger, actor, what);
      break;
    case 'boot':
      forgetHost(machine, ledger, what.kernel);
      break;
    case 'assign':
      assign(machine, ledger, what);
      break;
    case 'compose':
      if (what.message)
        ledger.composed[`${actor}/${what.irq}`] = { kind: what.kind, message: what.message };
      break;
    case 'forge':
      slotAt(ledger, slotKey(machine, what.irq)).forged = 1;
      break;
    case 'put':
      if (isOwner(machine, ledger, actor, deviceOf(what.irq)))
        slotAt(ledger, slotKey(machine, what.irq)).forged = 0;
      if (!what.trapped) put(machine, ledger, actor, what);
      break;
    case 'raise':
      if (isPermitted(machine, ledger, what)) ledger.unanswered[what.irq] = 1;
      break;
    case 'service':
      if (what.outcome === 'handled') delete ledger.unanswered[what.irq];
      break;
    case 'trap':
      if (isOwner(machine, ledger, actor, what.device))
        slotAt(ledger, `${what.device}/${Math.max(0, what.slot)}`).traps = 1;
      break;
    case 'bind':
      if (isPosted(machine, what.cpu)) ledger.posted[what.irq] = what.cpu;
      break;
    case 'unbind':
    case 'unpost':
      delete ledger.posted[what.irq];
      break;
    case 'reset':
      for (const key of Object.keys(ledger.slots))
        if (key.startsWith(`${what.of}/`)) delete ledger.slots[key];
      break;
    case 'write':
      if (what.unit === 'store') write(ledger, actor, what);
      if (switchesOn(what)) ledger.enabled[what.of] = 1;
      break;
    case 'fault':
      countFault(machine, ledger, what);
      break;
    case 'queue':
      countInvalidation(machine, ledger, what);
      break;
    case 'emit':
      countEmission(machine, ledger, what);
      send(machine, ledger, what);
      break;
    case 'retag':
      ledger.flights[what.flight].seenRid = what.after;
      break;
    case 'translate':
      ledger.flights[what.flight].table = what.table;
      ledger.flights[what.flight].outcome = what.outcome;
      break;
  }
}

/** A device that is refused to whom it was meant for stays the host's. */
function assign(machine: Machine, ledger: Ledger, what: Of<'assign'>): void {
  const { devices, irqs, realms } = machine;
  const device = devices.findIndex(({ name }) => name === what.device);
  const before = ledger.owners[device];
  const realm = realms.findIndex(({ name }) => name === what.realm);
  if (what.error && before !== realm) return;
  ledger.owners[device] = what.error ? HOST : realm;
  if (ledger.owners[device] === before) return;
  for (const irq of irqs) if (irq.device === device) delete ledger.held[irq.name];
  delete ledger.enabled[what.device];
  // Whether the accesses of the new owner trap is yet to be seen.
  for (const [key, slot] of Object.entries(ledger.slots))
    if (key.startsWith(`${what.device}/`)) slot.traps = 0;
}

function isOwner(machine: Machine, ledger: Ledger, realm: string, deviceName: string): boolean {
  const device = machine.devices.findIndex(({ name }) => name === deviceName);
  return machine.realms[ledger.owners[device]]?.name === realm;
}

function send(machine: Machine, ledger: Ledger, what: Of<'emit'>): void {
  const slot = ledger.slots[slotKey(machine, what.irq)];
  ledger.flights[what.flight] = {
    device: what.device,
    irq: what.irq,
    message: what.message,
    sentRid: what.rid,
    seenRid: what.rid,
    kind: what.kind,
    torn: isTorn(slot, what.message) ? 1 : 0,
    empty: isEmpty(ledger, slot, what) ? 1 : 0,
    copied: isCopied(machine, slot, what) ? 1 : 0,
    revoked: [],
    table: NONE,
    outcome: null,
  };
}

/**
 * A raise that has to arrive: its owner holds a vector for it, nothing masks it, and the message is
 * its software’s. One while the function is off counts where it has been on.
 */
function isPermitted(machine: Machine, ledger: Ledger, what: Of<'raise'>): boolean {
  if (ledger.slots[slotKey(machine, what.irq)]?.forged) return false;
  if ((ledger.held[what.irq] ?? 0) === 0) return false;
  if (what.outcome === 'disabled') return ledger.enabled[deviceOf(what.irq)] === 1;
  return what.outcome === 'sent';
}

/** Whoever was asked to compose gave zeros, and they went into the slot of an interrupt in use. */
function isEmpty(
  ledger: Ledger,
  slot: SlotLore | undefined,
  { irq, message }: Of<'emit'>,
): boolean {
  const latest = slot?.puts[0];
  return (
    latest !== undefined &&
    latest.composer !== '' &&
    sameMessage(message, ZERO_MESSAGE) &&
    sameMessage(latest.message, ZERO_MESSAGE) &&
    (ledger.held[irq] ?? 0) > 0
  );
}

const deviceOf = (irq: string): string => irq.split('.')[0];

/** An interrupt's owner got or gave back a vector for it. */
function countHeld(
  machine: Machine,
  ledger: Ledger,
  at: { readonly actor: string; readonly irq: string; readonly change: 1 | -1 },
): void {
  if (machine.realms[ownerOf(machine, ledger, at.irq)].name !== at.actor) return;
  const count = (ledger.held[at.irq] ?? 0) + at.change;
  if (count > 0) ledger.held[at.irq] = count;
  else {
    delete ledger.held[at.irq];
    delete ledger.enabled[deviceOf(at.irq)];
  }
}

const hostName = (machine: Machine): string => machine.realms[HOST].name;

/** A guest's own table, in its emulated unit, is nobody else's concern. */
function hold(machine: Machine, ledger: Ledger, actor: string, what: Of<'alloc'>): void {
  const holding = { irq: what.irq, live: 1 };
  if (what.kind === 'vector') {
    ledger.vectors[vectorKey(what.cpu, what.vector)] = holding;
    countHeld(machine, ledger, { actor, irq: what.irq, change: 1 });
  }
  if (what.kind === 'remap' && actor === hostName(machine))
    ledger.entries[entryKey(what.table, what.entry)] = holding;
}

function release(machine: Machine, ledger: Ledger, actor: string, what: Of<'free'>): void {
  if (what.kind === 'remap' && actor !== hostName(machine)) return;
  if (what.kind === 'vector') countHeld(machine, ledger, { actor, irq: what.irq, change: -1 });
  const key =
    what.kind === 'vector' ? vectorKey(what.cpu, what.vector) : entryKey(what.table, what.entry);
  const held = (what.kind === 'vector' ? ledger.vectors : ledger.entries)[key];
  if (!held || held.irq !== what.irq) return;
  held.live = 0;
  const revoked = `${what.kind} ${key}`;
  for (const flight of Object.values(ledger.flights))
    if (!flight.revoked.includes(revoked)) flight.revoked.push(revoked);
}

function write(ledger: Ledger, actor: string, what: Of<'write'>): void {
  const slot = slotAt(ledger, `${what.of}/${what.at}`);
  for (const [i, value] of what.after.entries()) {
    const reg = what.first + i;
    if (reg >= slot.words.length) continue;
    slot.words[reg] = value;
    slot.writers[reg] = actor;
  }
}

const isPosted = (machine: Machine, cpuName: string): boolean => {
  const cpu = machine.cpus.find(spec => spec.name === cpuName);
  return cpu !== undefined && machine.realms[cpu.realm].interrupts === 'posted';
};

/** What the host passes on as its guest composed it is the guest's. */
function put(machine: Machine, ledger: Ledger, actor: string, what: Of<'put'>): void {
  const slot = slotAt(ledger, slotKey(machine, what.irq));
  const { message } = what;
  const owner = machine.realms[ownerOf(machine, ledger, what.irq)].name;
  const isMaker = (realm: string): boolean => {
    const made = ledger.composed[`${realm}/${what.irq}`];
    return made !== undefined && sameMessage(made.message, message);
  };
  const by = [actor, owner].find(isMaker) ?? actor;
  const composer = isMaker(by) ? ledger.composed[`${by}/${what.irq}`].kind : '';
  slot.puts.unshift({ message, transient: what.transient ? 1 : 0, by, composer });
  slot.puts.length = Math.min(slot.puts.length, PUTS_MAX);
}

/** A device that keeps copies sent one. Blocks of MSI change the data, and pins have no message. */
function isCopied(machine: Machine, slot: SlotLore | undefined, what: Of<'emit'>): boolean {
  const device = machine.devices.find(spec => spec.name === what.irq.split('.')[0]);
  if (!slot || !device?.cachesMessage || (device.store === 'msi' && device.slots > 1)) return false;
  const [addressLow, addressHigh, data] = slot.words;
  return !sameMessage({ addressLow, addressHigh, data }, what.message);
}

/** A message that was never put as a whole, but whose parts all were: halves of two. */
function isTorn(slot: SlotLore | undefined, sent: Message): boolean {
  if (!slot || slot.puts.length < 2) return false;
  if (slot.puts.some(put => sameMessage(put.message, sent))) return false;
  const address = slot.puts.some(
    ({ message }) =>
      message.addressLow === sent.addressLow && message.addressHigh === sent.addressHigh,
  );
  return address && slot.puts.some(({ message }) => message.data === sent.data);
}

/** A new kernel: what the last one gave out belongs to nobody, but for entries it inherits. */
function forgetHost(machine: Machine, ledger: Ledger, kernel: 'kernel' | 'crash-kernel'): void {
  const hosts = machine.cpus.filter(cpu => cpu.realm === HOST).map(cpu => cpu.name);
  for (const [key, holding] of Object.entries(ledger.vectors))
    if (hosts.some(name => key.startsWith(`${name}/`))) holding.live = 0;
  for (const { name, device } of machine.irqs)
    if (machine.devices[device].owner === HOST) delete ledger.held[name];
  if (kernel === 'kernel') for (const holding of Object.values(ledger.entries)) holding.live = 0;
}
