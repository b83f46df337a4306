import {
  type DomainKind,
  type DomainSpec,
  HOST,
  type Machine,
  NONE,
  type RemapPlan,
} from '../model/machine.ts';

/**
 * The same machine over another remap unit, or none: the host's stacks gain or lose their Remap
 * layer, and nothing above it changes.
 */
export function overPlatform(machine: Machine, remap: RemapPlan): Machine {
  const domains: DomainSpec[] = [];
  const stacks = machine.stacks.map((tops, realm) =>
    tops.map(top => {
      if (top === NONE) return NONE;
      const chain = chainOf(machine, top);
      return addChain(domains, realm === HOST ? withUnit(chain, remap) : chain);
    }),
  );
  const posts = remap.kind === 'vtd' && remap.posting;
  return { ...machine, domains, stacks, remap, hostPosting: machine.hostPosting && posts };
}

/** Layers of a stack, the root first. */
function chainOf(machine: Machine, top: number): DomainSpec[] {
  const chain: DomainSpec[] = [];
  for (let at = top; at !== NONE; at = machine.domains[at].parent)
    chain.unshift(machine.domains[at]);
  return chain;
}

function withUnit([root, ...rest]: readonly DomainSpec[], remap: RemapPlan): DomainSpec[] {
  const above = rest.filter(({ kind }) => kind !== 'remap');
  if (remap.kind === 'none') return [root, ...above];
  const kind: DomainKind = 'remap';
  return [root, { name: kind, kind, realm: HOST, parent: NONE, device: NONE }, ...above];
}

/** Adds a chain to a list of layers, sharing those that are there; returns its topmost. */
function addChain(domains: DomainSpec[], chain: readonly DomainSpec[]): number {
  let parent: number = NONE;
  for (const { name, kind, realm, device } of chain) {
    const same = domains.findIndex(
      d => d.kind === kind && d.realm === realm && d.parent === parent && d.device === device,
    );
    if (same < 0) domains.push({ name, kind, realm, parent, device });
    parent = same < 0 ? domains.length - 1 : same;
  }
  return parent;
}
