import { ERRNOS, type Errno } from '../arch/linux.ts';
import { REMAPPABLE } from '../arch/message.ts';
import { MSI_DUTIES } from '../arch/msi-parent.ts';
import { get } from '../bits/layout.ts';
import { hex } from '../bits/word.ts';
import type { CheckInput, CheckResult } from './check.ts';
import type { Machine } from './machine.ts';
import { inWindow, readCompat } from './message.ts';
import { FUNCTION_REGS, REG_NAMES } from './op.ts';
import type { Happening, InvalidateHappening } from './record.ts';
import type { RemapOutcome } from './remap.ts';
import { formatRequester } from './requester.ts';
import { type InterruptRequest, type Message, messageWords, modeName } from './wire.ts';

/** A vector as people write it: `0x22`. */
export const vectorText = (vector: number): string => `0x${hex(vector, 2)}`;

/** A message as `address:data`. */
export const messageText = (m: Message): string =>
  `${m.addressHigh ? hex(m.addressHigh) : ''}${hex(m.addressLow)}:${hex(m.data)}`;

/** What a message says, as the machine's units read it. */
export function messageMeaning(machine: Machine, m: Message): string {
  if (!inWindow(m)) return 'no interrupt';
  const words = messageWords(m);
  const f = REMAPPABLE.fields;
  if (machine.remap.kind === 'amdvi')
    return `index ${m.data & 0x7ff}, ${requestText(readCompat(m, false))} if unmapped`;
  if (get(words, f.format)) {
    const handle = get(words, f.handle);
    const sub = get(words, f.shv) ? get(words, f.subhandle) : 0;
    return `remappable, index ${handle + sub}`;
  }
  return `compatibility, ${requestText(readCompat(m, machine.extendedIds))}`;
}

/** An interrupt request in words. */
export function requestText(request: InterruptRequest): string {
  const mode = modeName(request);
  const dest = `${request.destMode ? 'logical' : 'APIC'} ${request.dest}`;
  return mode === 'fixed' || mode === 'lowest'
    ? `vector ${vectorText(request.vector)} to ${dest}`
    : `${mode.toUpperCase()} to ${dest}`;
}

const errorText = (error: Errno): string => `${error} (${ERRNOS[error]})`;

/** A value a check looked at, as people read it. */
export function inputText({ ref, value }: CheckInput): string {
  const field = ref.slice(ref.lastIndexOf('.') + 1);
  if (value < 0) return `${ref} none`;
  if (field === 'rid' || field === 'sid') return `${ref} ${formatRequester(value)}`;
  return `${ref} 0x${value.toString(16)}`;
}

/** A rule that was evaluated, how it came out, and what it looked at. */
export function checkText(check: CheckResult): string {
  const verdict = check.off ? 'switched off' : check.pass ? 'passed' : 'failed';
  return `${check.rule} ${verdict}: ${check.inputs.map(inputText).join(', ')}`;
}

/** What happened, in one sentence. */
export function describe(machine: Machine, actor: string, what: Happening): string {
  switch (what.act) {
    case 'step':
      return `step ${what.step + 1}: ${what.verb}${what.label ? ` (${what.label})` : ''}`;
    case 'result':
      return what.error
        ? `step ${what.step + 1} failed: ${errorText(what.error)}`
        : `step ${what.step + 1} done`;
    case 'choice':
      return `branch ${what.label} of ${what.options}`;
    case 'create':
      return what.error
        ? `${what.domain} could not be created: ${errorText(what.error)}`
        : `${what.domain} was created${what.required.map(duty => `; asked of it: ${MSI_DUTIES[duty]}`).join('')}`;
    case 'assign':
      return `${what.device} was given to ${what.realm}: ${what.verdict}`;
    case 'alloc':
      return allocText(what);
    case 'free':
      return `${what.domain} took ${resourceText(what)} back from ${what.irq}`;
    case 'activate':
    case 'deactivate':
      return `${what.domain} ${what.act}d ${what.irq}`;
    case 'compose':
      return what.message
        ? `${what.domain} composed ${messageText(what.message)} for ${what.irq}: ${messageMeaning(machine, what.message)}`
        : `${what.domain} could not compose for ${what.irq}: ${errorText(what.error ?? 'EINVAL')}`;
    case 'put':
      if (what.trapped)
        return `${actor} wants ${messageText(what.message)} in the slot of ${what.irq}`;
      return `${actor} puts ${messageText(what.message)} into the slot of ${what.irq}`;
    case 'forge':
      return `${actor} forges ${messageText(what.message)} for the slot of ${what.irq}: ${messageMeaning(machine, what.message)}`;
    case 'write':
      return writeText(machine, actor, what);
    case 'trap':
      return `the access to ${what.slot < 0 ? FUNCTION_REGS[what.first] : `slot ${what.slot}`} of ${what.device} traps: ${what.action}`;
    case 'hypercall':
      return hypercallText(actor, what);
    case 'bind':
      return what.cpu
        ? `the hypervisor forwards ${what.irq} to ${what.cpu} vector ${vectorText(what.vector)}`
        : `the hypervisor takes ${what.irq}, and forwards it nowhere yet`;
    case 'unbind':
      return `the hypervisor no longer forwards ${what.irq}`;
    case 'unpost':
      return `posting of ${what.irq} ends: it comes to the host, which injects it`;
    case 'right':
      return `${what.realm} ${what.given ? 'may' : 'may no longer'} bind ${what.irq}`;
    case 'readback':
      return `the hypervisor reads ${messageText(what.message)} back from slot ${what.slot} of ${what.device}: ${messageMeaning(machine, what.message)}`;
    case 'route':
      return `the unit emulated for ${what.guest}, about ${messageText(what.message)}: ${outcomeText(what.outcome)}`;
    case 'queue':
      return `${actor} asks the unit to forget ${scopeText(what)}`;
    case 'invalidate':
      return `the unit forgets ${scopeText(what)}`;
    case 'raise':
      return `${actor} raises ${what.irq}: ${what.outcome}`;
    case 'emit':
      return `${what.device} sends ${messageText(what.message)} as ${formatRequester(what.rid)}: ${messageMeaning(machine, what.message)}`;
    case 'stray':
      return `${messageText(what.message)} is no interrupt: an ordinary write`;
    case 'retag':
      return what.before === what.after
        ? `${what.bridge} forwards it`
        : `${what.bridge} tags it ${formatRequester(what.after)} instead of ${formatRequester(what.before)}`;
    case 'translate':
      return outcomeText(what.outcome);
    case 'fault':
      return `${what.unit} refuses: ${what.reason} ${what.name} (${what.fate})`;
    case 'deliver':
      return what.outcome === 'no-target'
        ? `no CPU answers to ${requestText(what.request)}`
        : `${what.cpu} gets ${requestText(what.request)}: ${what.outcome}`;
    case 'post':
      return `vector ${vectorText(what.vector)} is posted for ${what.descriptor}${what.notify ? ', with a notification' : ''}`;
    case 'service':
      return serviceText(what);
    case 'reset':
      return `${what.of} loses its registers`;
    case 'boot':
      return `a new ${what.kernel.replace('-', ' ')} starts and knows nothing of the last one's interrupts`;
    case 'eoi':
      return `${what.cpu} ends vector ${vectorText(what.vector)}`;
    case 'cpu':
      return `${what.cpu}: ${what.change.replace('-', ' ')}`;
  }
}

type Of<A extends Happening['act']> = Extract<Happening, { act: A }>;

const resourceText = (what: Of<'alloc'> | Of<'free'>): string =>
  what.kind === 'vector'
    ? `vector ${vectorText(what.vector)} on ${what.cpu}`
    : `entry ${what.entry}`;

const allocText = (what: Of<'alloc'>): string =>
  what.error
    ? `${what.domain} has nothing for ${what.irq}: ${errorText(what.error)}`
    : `${what.domain} gives ${resourceText(what)} to ${what.irq}`;

function hypercallText(actor: string, what: Of<'hypercall'>): string {
  const behalf = what.behalf ? `, on behalf of ${what.behalf}` : '';
  const asked = `${actor} asks to ${what.call} ${what.irq}${behalf}`;
  if (what.error) return `${asked}: ${errorText(what.error)}`;
  return what.message ? `${asked}: ${messageText(what.message)}` : asked;
}

function scopeText(what: InvalidateHappening): string {
  if (what.scope === 'global') return 'all cached entries';
  if (what.scope === 'device') return `cached entries of ${formatRequester(what.rid)}`;
  const last = what.index + what.count - 1;
  return `cached entr${what.count === 1 ? `y ${what.index}` : `ies ${what.index} to ${last}`}`;
}

function writeText(machine: Machine, actor: string, what: Of<'write'>): string {
  const change = `${what.before.map(w => hex(w)).join(' ')} -> ${what.after.map(w => hex(w)).join(' ')}`;
  if (what.unit === 'store' || (what.unit === 'virtual-store' && what.at >= 0)) {
    const regs = what.after.map((_, i) => REG_NAMES[what.first + i]).join(', ');
    const where = `slot ${what.at} of ${what.of}`;
    if (what.unit === 'virtual-store')
      return `${where} now holds, as its guest sees it, ${regs}: ${change}`;
    const device = machine.devices.find(({ name }) => name === what.of);
    const how = device?.store === 'ims-queue' ? 'changes by a queued command' : 'writes';
    return `${actor} ${how} ${regs} of ${where}: ${change}`;
  }
  if (what.unit === 'virtual-store')
    return `${FUNCTION_REGS[what.first]} of ${what.of} is now, as its guest sees it: ${change}`;
  if (what.unit === 'table')
    return `${actor} writes entry ${what.at}, words from ${what.first}: ${change}`;
  if (what.unit === 'device-table')
    return `${actor} writes the device table entry of ${what.of}, words from ${what.first}: ${change}`;
  if (what.unit === 'virtual-table')
    return `${actor} writes entry ${what.at} of its emulated unit, words from ${what.first}: ${change}`;
  if (what.unit === 'function')
    return `${actor} writes ${FUNCTION_REGS[what.first]} of ${what.of}: ${change}`;
  return `${actor} writes ${what.of}: ${change}`;
}

function outcomeText(outcome: RemapOutcome): string {
  switch (outcome.kind) {
    case 'passthrough':
      return 'passes unmodified';
    case 'remapped':
      return `entry ${outcome.entry} makes it ${requestText(outcome.request)}`;
    case 'posted':
      return `entry ${outcome.entry} posts vector ${vectorText(outcome.vector)}`;
    case 'blocked':
      return `blocked by ${outcome.rule}: ${outcome.fault}`;
  }
}

function serviceText(what: Of<'service'>): string {
  const taken = what.vector < 0 ? what.mode.toUpperCase() : `vector ${vectorText(what.vector)}`;
  const ends = {
    handled: `the handler of ${what.irq} runs`,
    forwarded: `the hypervisor passes ${what.irq} on`,
    spurious: 'nobody had asked for it',
    'expected-spurious': 'a leftover that was expected',
    system: 'the kernel takes it for its own',
  };
  return `${what.cpu} takes ${taken}: ${ends[what.outcome]}`;
}
