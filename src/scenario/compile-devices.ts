import { MSI_VECTORS_MAX } from '../arch/store.ts';
import {
  type DeviceSpec,
  type DomainKind,
  type DomainSpec,
  HOST,
  type IrqSpec,
  NONE,
  type Reach,
  type RealmSpec,
  type RemapPlan,
  type StoreKind,
} from '../model/machine.ts';
import { parseRequester } from '../model/requester.ts';
import { bridgePath } from './compile-platform.ts';
import { doubtful, fail, type Linker, refer } from './linker.ts';
import { deviceMeant, irqIndex } from './references.ts';
import type { ScenarioYaml } from './schema.ts';
import type { DeviceYaml } from './schema-platform.ts';
import type { StepYaml } from './schema-steps.ts';
import { toWord } from './values.ts';

const BUS_LAYER: Record<StoreKind, DomainKind> = {
  ioapic: 'ioapic',
  hpet: 'hpet',
  msi: 'pci-msi',
  msix: 'pci-msix',
  'ims-device': 'ims',
  'ims-queue': 'ims',
};

function reachOf(linker: Linker, name: string, device: DeviceYaml): Reach {
  if (doubtful(linker, 'store', name)) return device.reach ?? 'trapped';
  if (device.store !== 'ims-queue') {
    if (device.reach === 'queue')
      fail(
        linker,
        ['devices', name, 'reach'],
        'device/reach',
        `only queue memory is reached as queue, not ${device.store}`,
        'write trapped or direct, or store: ims-queue',
      );
    return device.reach ?? 'trapped';
  }
  if (device.reach && device.reach !== 'queue')
    fail(
      linker,
      ['devices', name, 'reach'],
      'device/reach',
      'queue memory is the guest’s own: it can be neither trapped nor kept from it',
      'leave reach out, or write store: ims-device',
    );
  return 'queue';
}

/** How many interrupts a device has; an MSI capability has no room for more than 32. */
function slotsOf(linker: Linker, name: string, { store, vectors = 1 }: DeviceYaml): number {
  if (store === 'msi' && vectors > MSI_VECTORS_MAX && !doubtful(linker, 'store', name))
    fail(
      linker,
      ['devices', name, 'vectors'],
      'device/vectors',
      `an MSI function has ${MSI_VECTORS_MAX} interrupts at most, not ${vectors}`,
      `write ${MSI_VECTORS_MAX}, or store: msix`,
    );
  return vectors;
}

function sourceCheckOf(device: DeviceYaml): DeviceSpec['sourceCheck'] {
  const check = device.sourceCheck;
  if (!check) return 'linux';
  const sid = typeof check.sid === 'string' ? parseRequester(check.sid) : check.sid;
  return { svt: check.svt, sq: check.sq ?? 0, sid: sid ?? parseRequester(device.bdf) ?? 0 };
}

const iovaOf = (device: DeviceYaml): Record<number, number> =>
  Object.fromEntries(
    Object.entries(device.iova ?? {}).map(([from, to]) => [Number(from), toWord(to)]),
  );

/** Pins devices fall back to, once all interrupts are known. */
export function withIntx(
  linker: Linker,
  yaml: ScenarioYaml,
  devices: readonly DeviceSpec[],
  irqs: readonly IrqSpec[],
): DeviceSpec[] {
  return devices.map(device => {
    const pin = yaml.devices[device.name].intx;
    if (!pin) return device;
    const path = ['devices', device.name, 'intx'];
    return { ...device, intx: irqIndex(linker, { devices, irqs }, path, pin) };
  });
}

/** Devices in file order. */
export function devicesOf(
  linker: Linker,
  yaml: ScenarioYaml,
  realms: readonly RealmSpec[],
): DeviceSpec[] {
  const guests = realms.map(realm => realm.name);
  return Object.entries(yaml.devices).map(([name, device]) => {
    const path = ['devices', name, 'owner'];
    const owner = device.owner
      ? refer(linker, path, { kind: 'guest', name: device.owner, known: guests })
      : HOST;
    return {
      name,
      rid: parseRequester(device.bdf) ?? 0,
      pasid: device.pasid ?? NONE,
      store: device.store,
      slots: slotsOf(linker, name, device),
      owner,
      reach: reachOf(linker, name, device),
      dma: device.dmaWrites ?? false,
      maskable: device.maskable ?? false,
      storeWidth: device.storeWidth ?? 4,
      checksPasid: device.checksPasid ?? false,
      cachesMessage: device.cachesMessage ?? false,
      bridges: bridgePath(linker, yaml, name),
      aliases: (device.aliases ?? []).map(text => parseRequester(text) ?? 0),
      levelPins: device.levelPins ?? [],
      remapped: device.remapped ?? true,
      intx: NONE,
      iova: iovaOf(device),
      sourceCheck: sourceCheckOf(device),
    };
  });
}

/** Every slot of every device, named `device.slot`. */
export const irqsOf = (devices: readonly DeviceSpec[]): IrqSpec[] =>
  devices.flatMap((device, index) =>
    Array.from({ length: device.slots }, (_, slot) => ({
      name: `${device.name}.${slot}`,
      device: index,
      slot,
    })),
  );

/** Layers of a stack as the file, or good practice, has them; bus first. */
function layersFor(
  yaml: ScenarioYaml,
  parts: Pick<Building, 'realms' | 'remap'>,
  at: { readonly device: DeviceSpec; readonly realm: number },
): DomainKind[] {
  const { device, realm } = at;
  const { remap, realms } = parts;
  const bus = BUS_LAYER[device.store];
  const unit: DomainKind[] = remap.kind === 'none' || !device.remapped ? [] : ['remap'];
  if (realm === HOST) {
    const reachable = device.owner === HOST || device.reach === 'trapped';
    return reachable ? [bus, ...unit, 'vector'] : [...unit, 'vector'];
  }
  const { knowsItIsVm, viommu } = realms[realm];
  const canAsk = knowsItIsVm && (yaml.hypervisor?.hypercalls ?? true);
  if (device.reach !== 'trapped' && canAsk) return [bus, 'hcall', 'vector'];
  return viommu ? [bus, 'remap', 'vector'] : [bus, 'vector'];
}

interface Building {
  readonly linker: Linker;
  readonly domains: DomainSpec[];
  readonly stacks: number[][];
  readonly realms: readonly RealmSpec[];
  readonly devices: readonly DeviceSpec[];
  readonly remap: RemapPlan;
}

const PER_DEVICE: readonly DomainKind[] = ['pci-msi', 'pci-msix', 'ims', 'ioapic', 'hpet'];

/** Adds a layer, or finds the shared one that is there already. */
function layer(b: Building, spec: Omit<DomainSpec, 'name'>): number {
  const same = b.domains.findIndex(
    d =>
      d.kind === spec.kind &&
      d.realm === spec.realm &&
      d.parent === spec.parent &&
      d.device === spec.device,
  );
  if (same >= 0) return same;
  const realm = spec.realm === HOST ? '' : `${b.realms[spec.realm].name}/`;
  const device = spec.device === NONE ? '' : `${b.devices[spec.device].name}:`;
  b.domains.push({ ...spec, name: `${realm}${device}${spec.kind}` });
  return b.domains.length - 1;
}

function build(b: Building, at: { realm: number; device: number }, layers: DomainKind[]): void {
  let parent = NONE;
  for (const kind of [...layers].reverse()) {
    const device = PER_DEVICE.includes(kind) ? at.device : NONE;
    parent = layer(b, { kind, realm: at.realm, parent, device });
  }
  b.stacks[at.realm][at.device] = parent;
}

/** Explicit stacks: `device` is its owner's, `realm/device` the realm's. */
function explicitStacks(b: Building, yaml: ScenarioYaml): void {
  const names = b.devices.map(device => device.name);
  const realms = b.realms.map(realm => realm.name);
  for (const [key, layers] of Object.entries(yaml.domains ?? {})) {
    const path = ['domains', key];
    const [realmName, deviceName] = key.includes('/') ? key.split('/') : ['', key];
    const isKey = true;
    const device = refer(b.linker, path, { kind: 'device', name: deviceName, known: names, isKey });
    const realm = realmName
      ? refer(b.linker, path, { kind: 'realm', name: realmName, known: realms, isKey })
      : b.devices[device].owner;
    if (deviceMeant(b, deviceName) === NONE) continue;
    if (!checkLayers(b, path, layers, { realm, device })) continue;
    build(b, { realm, device }, layers);
  }
}

function checkLayers(
  b: Building,
  path: readonly string[],
  layers: readonly DomainKind[],
  at: { readonly realm: number; readonly device: number },
): boolean {
  const { linker, remap, realms } = b;
  const device = b.devices[at.device];
  const bad = (index: number, message: string, hint = ''): boolean => {
    fail(linker, [...path, index], 'domain/stack', message, hint);
    return false;
  };
  const last = layers.length - 1;
  if (layers[last] !== 'vector')
    return bad(last, 'the last layer is the root, and only vector can be', 'end with vector');
  for (const [i, kind] of layers.entries()) {
    if (layers.indexOf(kind) !== i) return bad(i, `${kind} is in the stack twice`);
    if (PER_DEVICE.includes(kind) && i !== 0)
      return bad(i, `${kind} is a bus layer: it comes first`);
    if (kind === 'vector' && i !== last) return bad(i, 'vector is the root: it comes last');
    if (kind === 'remap' && at.realm === HOST && remap.kind === 'none' && !doubtful(linker, 'unit'))
      return bad(i, 'there is no remap unit for this layer', 'write platform: { ir: vtd }');
    if (kind === 'remap' && at.realm !== HOST && !realms[at.realm]?.viommu)
      return bad(
        i,
        `${realms[at.realm].name} has no remap unit of its own`,
        'use hcall, leave it out, or write viommu: true at the guest',
      );
    if (kind === 'hcall' && at.realm === HOST)
      return bad(i, 'the host has nobody to call', 'use remap, or leave it out');
  }
  const bus = BUS_LAYER[device.store];
  const known = !doubtful(linker, 'store', device.name);
  if (known && PER_DEVICE.includes(layers[0]) && layers[0] !== bus)
    return bad(0, `${device.name} has a store of kind ${device.store}`, `begin with ${bus}`);
  return true;
}

/** Realms the script hands a device to. */
function laterOwners(yaml: ScenarioYaml, device: string, realms: readonly string[]): number[] {
  const found: number[] = [];
  const visit = (steps: readonly StepYaml[]): void => {
    for (const step of steps) {
      if (step.assign?.device === device) found.push(realms.indexOf(step.assign.to));
      for (const block of [step.race, step.choose]) Object.values(block ?? {}).forEach(visit);
      visit(step.repeat?.steps ?? []);
    }
  };
  visit(yaml.steps ?? []);
  return found.filter(realm => realm >= 0);
}

/** All layers of all realms, and where each stack begins. */
export function domainsOf(
  linker: Linker,
  yaml: ScenarioYaml,
  parts: Pick<Building, 'realms' | 'devices' | 'remap'>,
): { domains: DomainSpec[]; stacks: number[][] } {
  const stacks = parts.realms.map(() => parts.devices.map(() => NONE));
  const b: Building = { linker, domains: [], stacks, ...parts };
  explicitStacks(b, yaml);
  const guests = parts.realms.map(realm => realm.name);
  for (const [index, device] of parts.devices.entries())
    for (const realm of new Set([HOST, device.owner, ...laterOwners(yaml, device.name, guests)]))
      if (stacks[realm][index] === NONE)
        build(b, { realm, device: index }, layersFor(yaml, parts, { device, realm }));
  return { domains: b.domains, stacks };
}
