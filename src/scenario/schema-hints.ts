import { VERB_NAMES } from './schema-steps.ts';
import type { Path, SourceNode } from './source-tree.ts';

/** What a person wrote where something else was expected. */
export interface Given {
  readonly path: Path;
  readonly node: SourceNode | null;
  /** The scalar as text, else the kind of node. */
  readonly text: string;
}

/** A way out of a wrong value: applies where its test matches what was expected and what came. */
interface Hint {
  readonly expected: RegExp;
  readonly given: RegExp;
  readonly say: (match: RegExpExecArray, given: Given) => string;
}

const NUMBER = /^(0x[0-9a-f]+|\d+)$/i;
const WORDS_FOR_TRUE = /^(yes|on|y)$/i;
const WORDS_FOR_FALSE = /^(no|off|n)$/i;

const SCALAR_HINTS: readonly Hint[] = [
  { expected: /a time/, given: /^\d+$/, say: ([n]) => `add a unit, such as ${n}us` },
  { expected: /a time/, given: /^([\d.]+)\s*ps$/, say: ([, n]) => picoseconds(Number(n)) },
  { expected: /a time/, given: /^([\d.]+)\s*[µμ]s$/, say: ([, n]) => `write ${n}us` },
  { expected: /a time/, given: /^([\d.]+)\s*sec/, say: ([, n]) => `write ${n}s` },
  { expected: /a time/, given: /^\.(\d+)\s*(us|ms|s)$/, say: ([, n, u]) => `write 0.${n}${u}` },
  { expected: /a time/, given: /^[\d.]+\s*ns$/, say: () => 'time is whole nanoseconds' },
  { expected: /name of a CPU/, given: /^\d+$/, say: ([n]) => `CPUs have names: write p${n}` },
  { expected: /device\.slot/, given: /^[a-z][a-z0-9_]*$/i, say: ([d]) => `write ${d}.0` },
  {
    expected: /device\.slot/,
    given: /^(\w+)[:[/-](\d+)\]?$/,
    say: ([, d, n]) => `write ${d}.${n}`,
  },
  {
    expected: /bus:device/,
    given: /^[0-9a-f]{4}:([0-9a-f]{2}:[01][0-9a-f]\.[0-7])$/i,
    say: ([, bdf]) => `leave the segment out: "${bdf}"`,
  },
  {
    expected: /bus:device/,
    given: /^([0-9a-f]{1,2}):([0-9a-f]{1,2})\.([0-7])$/i,
    say: ([, bus, dev, fn]) => `write "${bus.padStart(2, '0')}:${dev.padStart(2, '0')}.${fn}"`,
  },
  { expected: /true or false/, given: WORDS_FOR_TRUE, say: () => 'write true' },
  { expected: /true or false/, given: WORDS_FOR_FALSE, say: () => 'write false' },
  {
    expected: /is not one of honest, adversarial/,
    given: /^(hostile|malicious|evil|rogue|untrusted|attacker)$/,
    say: () => 'write adversarial',
  },
  { expected: /is not one of honest, adversarial/, given: /^trusted$/, say: () => 'write honest' },
  { expected: /number|vector/, given: NUMBER, say: numberInQuotes },
  { expected: /hexadecimal digits in quotes/, given: NUMBER, say: inQuotes },
  { expected: /a map/, given: /^([a-z]+)\s*:?\s*(\S.*)$/, say: stepAsText },
  { expected: /found nothing/, given: /^null$/, say: () => 'write a value after the colon' },
  { expected: /^expected text/, given: NUMBER, say: ([n]) => `put it in quotes: "${n}"` },
];

function picoseconds(n: number): string {
  const ns = n / 1000;
  return Number.isInteger(ns) && ns > 0 ? `write ${ns}ns` : 'the smallest unit is ns';
}

function numberInQuotes([n]: RegExpExecArray, { node }: Given): string {
  const quoted = node?.kind === 'scalar' && typeof node.value === 'string';
  return quoted ? `write ${n} without quotes` : '';
}

function inQuotes([n]: RegExpExecArray, { node }: Given): string {
  const plain = node?.kind === 'scalar' && typeof node.value === 'number';
  return plain ? `put it in quotes, in hexadecimal: "${Number(n).toString(16)}"` : '';
}

/** `- raise nic0.0`, and `- raise:nic0.0`, are texts to YAML. */
function stepAsText([, verb, value]: RegExpExecArray, { path }: Given): string {
  const isStep = path[0] === 'steps' && typeof path[path.length - 1] === 'number';
  const known = VERB_NAMES.some(name => name === verb);
  return isStep && known ? `write ${verb}: ${value}, with a colon and a space` : '';
}

/** How a value that does not fit could be written; empty when we do not know. */
export function valueHint(given: Given, message: string): string {
  const { node, text } = given;
  if (node?.kind === 'map' && message.includes('expected a list'))
    return 'begin each item with - and a space';
  if (node?.kind === 'list' && message.includes('expected a map')) return 'write name: value';
  if (node?.kind !== 'scalar') return '';
  for (const hint of SCALAR_HINTS) {
    const match = hint.expected.test(message) ? hint.given.exec(text) : null;
    const said = match ? hint.say(match, given) : '';
    if (said) return said;
  }
  return '';
}

/** Words people use for keys that have another name here, by the place where they stand. */
const SYNONYMS: readonly { readonly word: RegExp; readonly in: RegExp; readonly key: string }[] = [
  { word: /^(iommu|remap|remapping|remapper)$/, in: /^platform$/, key: 'ir' },
  { word: /^(irte|index|handle)$/, in: /^(allocate|invalidate|write)$/, key: 'entry' },
  { word: /^(pci|address|rid|requester|sbdf)$/, in: /^devices$/, key: 'bdf' },
  { word: /^(irqs|slots|interrupts)$/, in: /^devices$/, key: 'vectors' },
  { word: /^(guest|realm)$/, in: /^devices$/, key: 'owner' },
  { word: /^(trigger|fire|interrupt|signal|emit|send)$/, in: /^steps$/, key: 'raise' },
  { word: /^(sleep|delay|pause)$/, in: /^steps$/, key: 'wait' },
  { word: /^(move|migrate|retarget)$/, in: /^steps$/, key: 'affinity' },
  { word: /^(release|deallocate)$/, in: /^steps$/, key: 'free' },
  { word: /^(realm|guest|as)$/, in: /^steps$/, key: 'by' },
  { word: /^(name|id)$/, in: /^steps$/, key: 'label' },
  { word: /^(vms|domus|partitions)$/, in: /^root$/, key: 'guests' },
  { word: /^(count|n|repeat)$/, in: /^(attack|raise)$/, key: 'times' },
  { word: /^(gsi|slot|interrupt)$/, in: /^(attack|raise|hypercall)$/, key: 'irq' },
  { word: /^(hostile|malicious|trust|mode)$/, in: /^guests$/, key: 'behaviour' },
  { word: /^(pcpu|pinned|runsOn)$/, in: /^(cpu|vcpus)$/, key: 'on' },
];

/** The key an unknown one probably stands for where spelling does not tell; null for none. */
export function synonymOf(path: Path, word: string): string | null {
  const place = placeOf(path);
  return SYNONYMS.find(known => known.word.test(word) && known.in.test(place))?.key ?? null;
}

/** The kind of map a path leads to: that of a step, of a device, or by its last name. */
function placeOf(path: Path): string {
  const last = path[path.length - 1];
  if (path.length === 0) return 'root';
  if (path[0] === 'steps' && typeof last === 'number') return 'steps';
  if (path.length === 2 && (path[0] === 'devices' || path[0] === 'guests')) return path[0];
  return String(last);
}
