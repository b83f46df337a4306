import {
  COMMAND_LAYOUTS,
  INVALIDATE_INTERRUPT_TABLE,
  INVALIDATE_IOMMU_ALL,
} from '../arch/amdvi-log.ts';
import { encode, get, isClear, reservedMasks } from '../bits/layout.ts';
import type { Word } from '../bits/word.ts';
import { NONE } from '../model/machine.ts';
import type { AmdState } from './amdvi-state.ts';

const F = INVALIDATE_INTERRUPT_TABLE.fields;
const OPCODE = { completionWait: 1, devtabEntry: 2, interruptTable: 5, all: 8 } as const;
type Opcode = (typeof OPCODE)[keyof typeof OPCODE];

const isKnown = (opcode: number): opcode is Opcode =>
  Object.values(OPCODE).some(known => known === opcode);

/** The command that drops what is cached of one requester id; of all where `device` is -1. */
export const invalidateCommand = (device: number): Word[] =>
  device === NONE
    ? encode(INVALIDATE_IOMMU_ALL, { opcode: OPCODE.all })
    : encode(INVALIDATE_INTERRUPT_TABLE, { opcode: OPCODE.interruptTable, deviceId: device });

/**
 * The unit carries out a command of its queue. Copies that another requester id holds of the same
 * table stay. Device table entries are not cached here, and a completion wait is the queue's own
 * matter. False for an illegal command: the unit logs ILLEGAL_COMMAND_ERROR and stops.
 * [AMD 2.4], [AMD 2.5.6]
 */
export function carryOutCommand(state: AmdState, command: readonly Word[]): boolean {
  const opcode = get(command, F.opcode);
  if (!isKnown(opcode)) return false;
  if (!isClear(command, reservedMasks(COMMAND_LAYOUTS[opcode]))) return false;
  if (opcode === OPCODE.all) state.cache = {};
  if (opcode === OPCODE.interruptTable) delete state.cache[get(command, F.deviceId)];
  return true;
}
