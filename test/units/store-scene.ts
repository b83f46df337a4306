import { type DeviceSpec, HOST, NONE, type StoreKind } from '../../src/model/machine.ts';

/** A device with a store of a kind, four interrupts, and nothing special about it. */
export const deviceOf = (store: StoreKind, more: Partial<DeviceSpec> = {}): DeviceSpec => ({
  name: 'device',
  rid: 0x0200,
  pasid: NONE,
  store,
  slots: 4,
  owner: HOST,
  reach: 'direct',
  dma: false,
  maskable: false,
  storeWidth: 4,
  checksPasid: false,
  cachesMessage: false,
  bridges: [],
  aliases: [],
  levelPins: [],
  remapped: true,
  intx: NONE,
  iova: {},
  sourceCheck: 'linux',
  ...more,
});
