import type { AmdPlan, VtdPlan } from '../model/machine.ts';

/** A VT-d unit and its driver with every check on. */
export const SOUND_VTD: VtdPlan = {
  kind: 'vtd',
  profile: 'spec',
  enabled: true,
  entries: 256,
  eime: false,
  compatFormat: 'block',
  sourceValidation: 'full',
  cache: 'never',
  cachesNotPresent: false,
  faultRecords: 8,
  posting: true,
  entryWrite: 'whole',
  unreadable: [],
};

/** An AMD-Vi unit and its driver with every check on. */
export const SOUND_AMD: AmdPlan = {
  kind: 'amdvi',
  profile: 'spec',
  enabled: true,
  table: 'per-device',
  entries: 512,
  entryBits: 128,
  xten: false,
  cache: 'never',
  eventLogSize: 8,
  entryWrite: 'whole',
  pass: [],
  intCtl: 2,
  intValid: true,
  unreadable: [],
};
