import type { Errno } from '../arch/linux.ts';
import { HOST, type Machine, NONE } from '../model/machine.ts';
import { unbind } from './bind.ts';
import type { HvCtx } from './state.ts';
import { resetVirtual } from './trap.ts';

/**
 * Whether messages of a device are checked to be the device's own: some layer between its own and
 * the root says so, or the architecture does. [LINUX kernel/irq/msi.c msi_device_has_isolated_msi]
 */
export function hasIsolatedMsi(machine: Machine, device: number): boolean {
  for (let at = machine.stacks[HOST][device]; at !== NONE; at = machine.domains[at].parent)
    if (machine.domains[at].kind === 'remap') return true;
  return machine.archIsolatesMsi;
}

/** Hands a device to a realm: whatever the last owner had is taken down first. */
export function assign(ctx: HvCtx, device: number, realm: number): Errno | null {
  const { machine, hv } = ctx;
  const isolated = hasIsolatedMsi(machine, device);
  const refused = !isolated && realm !== HOST && machine.hypervisor.unsafeAssignment === 'refuse';
  ctx.out.emit('hypervisor', {
    act: 'assign',
    device: machine.devices[device].name,
    realm: machine.realms[realm].name,
    verdict: refused ? 'refused' : isolated ? 'isolated' : 'unsafe',
    error: refused ? 'EPERM' : null,
  });
  if (refused) {
    if (hv.owners[device] === realm) hv.owners[device] = HOST;
    return 'EPERM';
  }
  if (hv.owners[device] !== realm) takeBack(ctx, device);
  hv.owners[device] = realm;
  const again = !machine.off.includes('hypervisor/protect-on-assign');
  if (again && machine.devices[device].reach === 'trapped') hv.protected[device] = 1;
  return null;
}

/** The last owner's interrupts lose their host side; with the last one the protection goes. */
function takeBack(ctx: HvCtx, device: number): void {
  const { machine, hv } = ctx;
  if (!machine.off.includes('hypervisor/take-back'))
    for (const [irq, spec] of machine.irqs.entries()) if (spec.device === device) unbind(ctx, irq);
  resetVirtual(ctx, device);
  hv.protected[device] = 0;
}
