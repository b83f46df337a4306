import { describe, expect, test } from 'vitest';
import { TEMPLATES, templateText } from '../../src/scenario/templates.ts';
import { runCli } from './cli.ts';
import { useFolder } from './folder.ts';

const folder = useFolder();

/** A template as a file. */
function template(name: string): string {
  const found = TEMPLATES.find(candidate => candidate.name === name);
  if (!found) throw new Error(`there is no template ${name}`);
  return folder.write(`${name}.yaml`, templateText(found, { name, schema: '' }));
}

const show = (...args: readonly string[]): string => {
  const { code, stdout, stderr } = runCli(['show', ...args]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout;
};

/** Places in a text by their line alone. */
const byLine = (text: string): string =>
  text.replaceAll(/ # (by default, for )?\S*\.yaml:/g, ' #$1');

describe('--domains draws the pictures of the mail of November 2020', () => {
  test('the basic case', () => {
    expect(
      byLine(show('--domains', template('basic'))),
    ).toBe(`nic0 (host’s, 00:03.0, msi): stack of host  #by default, for 9

  [CPU]   -- [Bri | dge] -- Bus     -- [Device]
  Alloc +                   Store      Use
  Compose
  vector                    pci-msi    nic0
`);
  });

  test('the remapping case', () => {
    expect(
      byLine(show('--domains', template('vtd'))),
    ).toBe(`nic0 (host’s, 00:03.0, msix): stack of host  #by default, for 9

  [CPU]  -- [IO | MMU] -- [Bridge] -- Bus      -- [Device]
  Alloc     Alloc +                   Store       Use
            Compose
  vector    remap                     pci-msix    nic0
`);
  });

  test('a guest whose store accesses trap', () => {
    const text = byLine(show('--domains', template('guest')));
    expect(
      text.slice(text.lastIndexOf('nic0 (')),
    ).toBe(`nic0 (g1’s, 3b:00.0, msix): stack of g1  #by default, for 12

  [CPU]   -- [Bri | dge] -- Bus      -- [Device]
  Alloc +                   Store       Use
  Compose
  vector                    pci-msix    nic0
                            |
                            | Trap
                            v
                            Hypervisor translates and stores
`);
  });

  test('a guest that asks the hypervisor', () => {
    const text = byLine(show('--domains', template('hypercall')));
    expect(
      text.slice(text.lastIndexOf('q1 (')),
    ).toBe(`q1 (g1’s, 3b:00.1, ims-queue): stack of g1  #16

  [CPU]  -- [VI | RT] -- [Bridge] -- Bus   -- [Device]
  Alloc     "Compose"                Store    Use
  vector    hcall                    ims      q1
            |     ^
            v     |
            Hypervisor allocates and composes
                                     (nothing traps)
`);
  });

  test('a stack that can’t come to be says why', () => {
    const file = folder.write(
      'refused.yaml',
      `irqscope: 1
name: refused
title: the guest knows that it is one, and nobody answers hypercalls
platform: { preset: x86-vtd }
guests: { g1: { vcpus: { v0: p1 } } }
devices:
  q1: { bdf: "3b:00.1", store: ims-queue, owner: g1 }
hypervisor: { hypercalls: false }
`,
    );
    expect(show('--domains', file)).toContain('  refused: ENODEV (no layer above can do this)\n');
  });
});

const POLICY = `irqscope: 1
name: policy
title: policy
platform:
  preset: x86-vtd
  cpus: 3
  bridges: { old: { kind: pci, alias: "02:00.0" } }
guests:
  g1: { vcpus: { v0: p1 }, behaviour: adversarial, knowsItIsVm: false }
  g2: { vcpus: { v0: p2 }, interrupts: posted }
devices:
  disk: { bdf: "00:1f.2", store: msi }
  q1:
    bdf: "3b:00.1"
    store: ims-queue
    owner: g1
    pasid: 1
    dmaWrites: true
  q2: { bdf: "3b:00.1", store: ims-queue, owner: g2, pasid: 2 }
  old: { bdf: "02:01.0", store: msix, owner: g2, behind: old, reach: direct }
  card: { bdf: "04:00.0", store: msix, owner: g2 }
policy:
  modes: [fixed]
  grants:
    - { device: disk, to: p1, vector: 0x31 }
  deny:
    - { device: q1, to: g1/v0 }
  budgets: { entries: 5 }
hypervisor: { traps: { card: emulate } }
`;

const POLICY_SHOWN = `host: p0, p1, p2
g1: g1/v0 on p1; adversarial, can’t tell that it is a guest; interrupts injected by the host  #9
g2: g2/v0 on p2; honest; interrupts posted  #10

modes: fixed  #23
budget of each guest: 5 entries  #28

disk  #12
  owner      host
  store      msi, the host’s own
  requester  00:1f.2  #12
  may signal host: vectors of host’s interrupts anywhere, free vectors on p0, p1, p2
  also       p1, vector 0x31  #25

q1  #14
  owner      g1  #16
  assigned   isolated
  store      ims-queue, queue: in memory of the owner, nothing traps; it can be made to write anywhere
  requester  3b:00.1, pasid 1, shared with q2  #14
  may signal g1: vectors of g1’s interrupts anywhere, free vectors on g1/v0
  but not    g1/v0, any vector  #27

q2  #19
  owner      g2  #19
  assigned   isolated
  store      ims-queue, queue: in memory of the owner, nothing traps
  requester  3b:00.1, pasid 2, shared with q1  #19
  may signal g2: vectors of g2’s interrupts anywhere, free vectors on g2/v0

old  #20
  owner      g2  #20
  assigned   isolated
  store      msix, direct: nothing traps  #20
  requester  02:01.0, seen as 02:00.0  #20
  may signal g2: vectors of g2’s interrupts anywhere, free vectors on g2/v0

card  #21
  owner      g2  #21
  assigned   isolated
  store      msix, trapped: the hypervisor keeps it from the device
  requester  04:00.0  #21
  may signal g2: vectors of g2’s interrupts anywhere, free vectors on g2/v0
`;

describe('--policy', () => {
  test('says who owns what, how it is reached, and from which line', () => {
    const file = folder.write('policy.yaml', POLICY);
    const text = byLine(show('--policy', file));
    expect(text).toBe(POLICY_SHOWN);
  });

  test('says of a device that was refused that it stays the host’s', () => {
    const text = show('--policy', 'scenarios/guests/noir-03-assignment-refused.yaml');
    expect(text).toContain('  assigned   refused: it stays the host’s\n');
    expect(text).toContain('  may signal host: vectors of host’s interrupts anywhere');
  });
});

describe('--resolved', () => {
  test('prints a document that says the same', () => {
    const file = template('matrix');
    const whole = folder.write('whole.yaml', show('--resolved', file));
    expect(runCli(['run', whole])).toMatchObject({ code: 0 });
  });

  test('prints one variant as a scenario of its own', () => {
    const text = show(
      '--resolved',
      template('matrix'),
      '--cell',
      'rid=own',
      '--cell',
      'check=full',
    );
    expect(text.split('\n')[0]).toBe('# check=full,rid=own');
    expect(runCli(['run', folder.write('one.yaml', text)])).toMatchObject({ code: 0 });
  });
});

describe('what can’t be shown', () => {
  test.each([
    [[], 'show takes one of --resolved, --domains and --policy'],
    [['--policy', '--domains'], 'show takes one of'],
  ])('%j', (flags, text) => {
    const { code, stderr } = runCli(['show', ...flags, 'scenarios/teaching/tglx-basic.yaml']);
    expect(code).toBe(2);
    expect(stderr).toContain(text);
  });

  test('a variant that is not there', () => {
    expect(runCli(['show', '--policy', template('matrix'), '--cell', 'rid=none']).code).toBe(5);
  });

  test('a file with mistakes', () => {
    const { code, stderr } = runCli(['show', '--policy', folder.write('bad.yaml', 'name: 1\n')]);
    expect(code).toBe(2);
    expect(stderr).toContain('schema/missing');
  });
});
