import { FAULT_REASONS, type Machine, OFF_NAMES, RULE_ORDER } from '../../src/index.ts';
import type { SchemaNode } from './schema-walk.ts';
import { cursorAt } from './yaml-context.ts';

/** What a name in a scenario can be the name of. */
type NameKind = 'device' | 'irq' | 'cpu' | 'realm' | 'bridge' | 'label' | 'rule' | 'off' | 'fault';

/** Names a value may be, by the key it stands under. */
const KINDS: Readonly<Record<string, NameKind>> = {
  irq: 'irq',
  slot: 'irq',
  irqs: 'irq',
  device: 'device',
  source: 'device',
  create: 'device',
  cpu: 'cpu',
  descriptor: 'cpu',
  on: 'cpu',
  target: 'cpu',
  owner: 'realm',
  by: 'realm',
  for: 'realm',
  culprit: 'realm',
  victim: 'realm',
  behind: 'bridge',
  under: 'bridge',
  step: 'label',
  violation: 'rule',
  rule: 'rule',
  off: 'off',
  reason: 'fault',
};

/** An interrupt is `device.slot`: its schema asks for the point. */
const isIrq = ({ pattern }: SchemaNode): boolean => pattern?.includes('\\.\\d+$') ?? false;

/** Names that are known where the cursor stands: those of the file and those of the program. */
export function namesAt(
  text: string,
  path: readonly (string | number)[],
  at: { readonly nodes: readonly SchemaNode[]; readonly machine: Machine | null },
): string[] {
  const key = String(path.findLast(part => typeof part === 'string') ?? '');
  const inside = path.filter(part => typeof part === 'string');
  const kinds = new Set<NameKind>();
  if (at.nodes.some(isIrq)) kinds.add('irq');
  if (key === 'to') kinds.add(inside.includes('assign') ? 'realm' : 'cpu');
  else if (KINDS[key] && at.nodes.some(({ type }) => type === 'string')) kinds.add(KINDS[key]);
  return [...kinds].flatMap(kind => namesOf(kind, text, at.machine));
}

function namesOf(kind: NameKind, text: string, machine: Machine | null): string[] {
  switch (kind) {
    case 'rule':
      return [...RULE_ORDER];
    case 'off':
      return [...OFF_NAMES];
    case 'fault':
      return [...FAULT_REASONS];
    case 'label':
      return [...text.matchAll(/\blabel:\s*([\w-]+)/g)].map(([, label]) => label);
    case 'irq':
      return irqsOf(text, machine);
    case 'cpu':
      return machine?.cpus.map(({ name }) => name) ?? [];
    case 'device':
      return both(keysUnder(text, ['devices']), machine?.devices);
    case 'realm':
      return both(keysUnder(text, ['guests']), machine?.realms);
    case 'bridge':
      return both(keysUnder(text, ['platform', 'bridges']), machine?.bridges);
  }
}

/** Slots of devices the last run knew, and the first slot of others. */
function irqsOf(text: string, machine: Machine | null): string[] {
  const known = machine?.irqs.map(({ name }) => name) ?? [];
  const devices = keysUnder(text, ['devices']).filter(
    device => !known.some(name => name.startsWith(`${device}.`)),
  );
  return [...known, ...devices.map(device => `${device}.0`)];
}

const both = (written: readonly string[], run: readonly { readonly name: string }[] = []) => [
  ...new Set([...written, ...run.map(({ name }) => name)]),
];

/** Keys of the map at a path of the text. */
function keysUnder(text: string, wanted: readonly string[]): string[] {
  const keys = new Set<string>();
  for (const { index } of text.matchAll(/[\w"'-](?=\s*:(?:\s|$))/gm)) {
    const { path, kind, typed, from } = cursorAt(text, index + 1);
    if (kind !== 'key' || path.join('/') !== wanted.join('/')) continue;
    keys.add(text.slice(from, from + typed.length).replaceAll(/["']/g, ''));
  }
  return [...keys];
}
