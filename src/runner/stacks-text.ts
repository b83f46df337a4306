import { ERRNOS } from '../arch/linux.ts';
import { DOMAIN_VERBS } from '../domains/kinds.ts';
import type { Verbs } from '../domains/verbs.ts';
import { type DomainKind, HOST, type Machine, NONE, type TrapAction } from '../model/machine.ts';
import type { Program } from '../model/program.ts';
import { formatRequester } from '../model/requester.ts';
import { bootRecords } from './boot-records.ts';
import type { WhereIs } from './policy-text.ts';

/** One place between CPU and device, and what is done there. */
interface Column {
  readonly hardware: string;
  readonly roles: readonly string[];
  readonly layer: string;
}

const UNIT: Partial<Record<DomainKind, string>> = { remap: '[IO | MMU]', hcall: '[VI | RT]' };

/** What a trapped access leads to. */
const TRAPS: Readonly<Record<TrapAction, string>> = {
  translate: 'Hypervisor translates and stores',
  emulate: 'Hypervisor keeps it from the device',
  pass: 'Hypervisor stores it as it is',
  refuse: 'Hypervisor refuses it',
};

/** Layers of a stack, from the CPU to the device. */
function layersOf(machine: Machine, top: number): DomainKind[] {
  const kinds: DomainKind[] = [];
  for (let at = top; at !== NONE; at = machine.domains[at].parent)
    kinds.unshift(machine.domains[at].kind);
  return kinds;
}

/**
 * Every stack of irq domains of every realm: which hardware it passes, and who allocates, composes,
 * stores and uses. [TGLX]
 */
export function stacksText(machine: Machine, program: Program, where: WhereIs): string {
  const { creations } = bootRecords(machine, program);
  const texts = machine.devices.flatMap((_, device) =>
    machine.realms.flatMap((realm, index) => {
      const top = machine.stacks[index][device];
      if (top === NONE) return [];
      const { name } = machine.domains[top];
      const error = creations.find(record => record.domain === name)?.error;
      const refused = error ? [`  refused: ${error} (${ERRNOS[error]})`] : [];
      return [
        [
          headOf(machine, device, { realm: realm.name, where }),
          '',
          ...picture(machine, index, device),
          ...refused,
        ],
      ];
    }),
  );
  return texts.map(lines => `${lines.join('\n')}\n`).join('\n');
}

function headOf(
  machine: Machine,
  device: number,
  { realm, where }: { readonly realm: string; readonly where: WhereIs },
): string {
  const { name, rid, store, owner, bridges } = machine.devices[device];
  const own = machine.realms[owner].name === realm ? where(['domains', name]) : '';
  const written = where(['domains', `${realm}/${name}`]) || own;
  const origin = written ? `# ${written}` : `# by default, for ${where(['devices', name])}`;
  const path = bridges.map(index => machine.bridges[index].name);
  const behind = path.length > 0 ? `, behind ${path.join(', ')}` : '';
  const owned = `${machine.realms[owner].name}’s`;
  return `${name} (${owned}, ${formatRequester(rid)}, ${store}${behind}): stack of ${realm}  ${origin}`;
}

function picture(machine: Machine, realm: number, device: number): string[] {
  const kinds = layersOf(machine, machine.stacks[realm][device]);
  const columns = columnsOf(machine, kinds, device);
  const widths = columns.map(column =>
    Math.max(...[column.hardware, column.layer, ...column.roles].map(text => text.length)),
  );
  const row = (texts: readonly string[], between: string): string =>
    `  ${texts.map((text, i) => text.padEnd(widths[i])).join(between)}`.trimEnd();
  const depth = Math.max(...columns.map(column => column.roles.length));
  const roles = Array.from({ length: depth }, (_, i) =>
    row(
      columns.map(column => column.roles[i] ?? ''),
      '    ',
    ),
  );
  const hardware = row(
    columns.map(column => column.hardware),
    ' -- ',
  );
  const layers = row(
    columns.map(column => column.layer),
    '    ',
  );
  const offsets = columns.map((_, i) => 2 + widths.slice(0, i).reduce((sum, w) => sum + w + 4, 0));
  return [hardware, ...roles, layers, ...notes(machine, { realm, device, kinds, offsets })];
}

/** The layer that composes: the nearest to the device that can. */
function composerOf(kinds: readonly DomainKind[]): DomainKind | undefined {
  const verbs: Readonly<Record<DomainKind, Verbs>> = DOMAIN_VERBS;
  return kinds.findLast(kind => verbs[kind].compose);
}

function columnsOf(machine: Machine, kinds: readonly DomainKind[], device: number): Column[] {
  const composer = composerOf(kinds);
  const rolesOf = (kind: DomainKind): string[] => {
    if (kind === 'hcall') return ['"Compose"'];
    return kind === composer ? ['Alloc +', 'Compose'] : ['Alloc'];
  };
  const unit = kinds.find(kind => UNIT[kind]);
  const bus = kinds.find(kind => kind !== 'vector' && kind !== unit);
  const cpu = { hardware: '[CPU]', roles: rolesOf('vector'), layer: 'vector' };
  const between = unit ? [{ hardware: UNIT[unit] ?? '', roles: rolesOf(unit), layer: unit }] : [];
  const bridge = { hardware: unit ? '[Bridge]' : '[Bri | dge]', roles: [], layer: '' };
  const stored = { hardware: 'Bus', roles: bus ? ['Store'] : [], layer: bus ?? '' };
  const used = { hardware: '[Device]', roles: ['Use'], layer: machine.devices[device].name };
  return [cpu, ...between, bridge, stored, used];
}

interface Drawn {
  readonly realm: number;
  readonly device: number;
  readonly kinds: readonly DomainKind[];
  /** Where each column begins. */
  readonly offsets: readonly number[];
}

/** How a guest’s stack goes on in the hypervisor. */
function notes(machine: Machine, { realm, device, kinds, offsets }: Drawn): string[] {
  if (realm === HOST) return [];
  const { reach } = machine.devices[device];
  const below = (column: number, ...lines: readonly string[]): string[] =>
    lines.map(line => `${' '.repeat(offsets[column])}${line}`);
  const store = offsets.length - 2;
  const trap = TRAPS[machine.hypervisor.traps[device]];
  const calls = kinds.includes('hcall')
    ? below(1, '|     ^', 'v     |', 'Hypervisor allocates and composes')
    : [];
  const traps = reach === 'trapped' ? below(store, '|', '| Trap', 'v', trap) : [];
  const open = reach === 'trapped' ? [] : below(store, '(nothing traps)');
  return [...calls, ...traps, ...open];
}
