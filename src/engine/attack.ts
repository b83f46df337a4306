import type { Errno } from '../arch/linux.ts';
import { WINDOW } from '../arch/message.ts';
import { HPET_TIMER, IMS_CONTROL, MSIX_CONTROL } from '../arch/store.ts';
import { encode } from '../bits/layout.ts';
import { type Word, word } from '../bits/word.ts';
import { lastMessage } from '../domains/bus.ts';
import { layerAt } from '../domains/stack.ts';
import type { Ctx } from '../domains/verbs.ts';
import { HOST, NONE, type StoreKind } from '../model/machine.ts';
import type { Op } from '../model/op.ts';
import type { Out } from '../model/out.ts';
import type { AttackVerb, Step } from '../model/program.ts';
import { type Message, messageWords } from '../model/wire.ts';
import type { Env } from './env.ts';
import { emit } from './flight.ts';
import { raiseIrq } from './raise.ts';
import { drawWord } from './random.ts';
import type { State } from './state.ts';

/** What an attack works with. */
export interface Attacking {
  readonly env: Env;
  readonly state: State;
  readonly out: Out;
  readonly ctx: Ctx;
  readonly step: Step;
  readonly ops: Op[];
}

const WINDOW_MASK = WINDOW.last - WINDOW.first;

/** Random words that are an interrupt write: any address of the window, any data. */
function randomMessage(a: Attacking, device: number): Message {
  const name = `forge/${a.env.machine.devices[device].name}`;
  const draw = () => drawWord(a.state.random, a.env.seed, name);
  return {
    addressLow: word(WINDOW.first | (draw() & WINDOW_MASK)),
    addressHigh: 0,
    data: draw(),
  };
}

/** The control word that lets a slot go, where a slot has one. */
function openControl(store: StoreKind, pasid: number): Word[] {
  if (store === 'msix') return encode(MSIX_CONTROL, { mask: 0 });
  if (store === 'hpet') return encode(HPET_TIMER, { intEnable: 1, fsbEnable: 1 });
  if (store !== 'ims-device') return [];
  return encode(IMS_CONTROL, pasid < 0 ? { mask: 0 } : { mask: 0, pasidEnable: 1, pasid });
}

/** Writes a message into the slot of an interrupt, past the guest's own layers. */
function forge(a: Attacking, irq: number, message: Message): void {
  const { device, slot } = a.env.machine.irqs[irq];
  const at = a.env.machine.devices[device].store === 'msi' ? 0 : slot;
  const { store, pasid } = a.env.machine.devices[device];
  const words = [...messageWords(message), ...openControl(store, pasid)];
  const { name } = a.env.machine.irqs[irq];
  a.out.emit(a.env.machine.realms[a.step.by].name, { act: 'forge', irq: name, message });
  a.ops.push({ op: 'store', by: a.step.by, device, slot: at, first: 0, words });
}

/** The device whose work an attack is. */
const deviceOf = (a: Attacking, what: AttackVerb): number =>
  'device' in what ? what.device : a.env.machine.irqs[what.irq].device;

/** Carries out what a hostile guest does with a device of its own; errors are what stands in its way. */
export function attack(a: Attacking, what: AttackVerb): Errno | null {
  const { machine } = a.env;
  const owner = a.state.hypervisor.owners[deviceOf(a, what)];
  if (a.step.by !== HOST && a.step.by !== owner) return 'EPERM';
  switch (what.kind) {
    case 'forge-store':
      forge(a, what.irq, what.message ?? randomMessage(a, machine.irqs[what.irq].device));
      return null;
    case 'replay': {
      const { device } = machine.irqs[what.irq];
      const top = machine.stacks[a.step.by][device];
      const old = top === NONE ? null : lastMessage(a.ctx, layerAt(a.ctx, top), what.irq);
      if (!old) return 'ENOENT';
      forge(a, what.irq, old);
      return null;
    }
    case 'dma-write': {
      const device = machine.devices[what.device];
      if (!device.dma && what.rid === NONE) return 'EPERM';
      emit(a.env, a.state, a.out, {
        device: what.device,
        irq: NONE,
        message: what.message ?? randomMessage(a, what.device),
        rid: what.rid === NONE ? device.rid : what.rid,
        pasid: NONE,
      });
      return null;
    }
    case 'borrow-slot':
      raiseIrq(a.env, a.state, a.out, what.irq, { alias: NONE, user: what.device });
      return null;
    case 'storm':
      for (let i = 0; i < what.times; i++) raiseIrq(a.env, a.state, a.out, what.irq);
      return null;
  }
}
