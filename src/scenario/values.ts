import { z } from 'zod';
import { parseHex64 } from '../bits/word.ts';
import { REQUESTER } from '../model/requester.ts';

/** Values that mean something here, with the words a person needs when one is wrong. */

/** Digits a unit of time has after the point when counted in nanoseconds. */
const TIME_DIGITS = { ns: 0, us: 3, ms: 6, s: 9 } as const;
const TIME = /^(\d+)(?:\.(\d+))?\s*(ns|us|ms|s)$/;

const isUnit = (text: string): text is keyof typeof TIME_DIGITS => text in TIME_DIGITS;

/** A duration such as `10us` in nanoseconds; null when it is none, or no whole number of them. */
export function parseTime(text: string): number | null {
  const [, whole, fraction = '', unit] = TIME.exec(text) ?? [];
  if (unit === undefined || !isUnit(unit)) return null;
  const digits = TIME_DIGITS[unit];
  const given = fraction.replace(/0+$/, '');
  const timeNs = Number(`${whole}${given.padEnd(digits, '0')}`);
  return given.length <= digits && Number.isSafeInteger(timeNs) ? timeNs : null;
}

const NAME = /^[A-Za-z][A-Za-z0-9_-]*$/;

/** Name of a thing in a scenario: letters, digits, _ and -. */
export const name = z
  .string()
  .regex(NAME, 'expected a name of letters, digits, _ and -, such as nic0')
  .meta({ description: 'a name of letters, digits, _ and -' });

const TIME_TEXT = 'expected a time with its unit: ns, us, ms or s, such as 10us';

export const time = z
  .string({ error: TIME_TEXT })
  .regex(TIME, { error: TIME_TEXT, abort: true })
  .refine(text => parseTime(text) !== null, {
    error: 'expected a time of whole nanoseconds below 104 days, such as 10us',
  })
  .meta({ description: 'a time with its unit: ns, us, ms or s; such as 10us' });

const CPU_TEXT = 'expected the name of a CPU, such as p0 or g1/v0';

/** A physical CPU, or `guest/virtual CPU`. */
export const cpuName = z
  .string({ error: CPU_TEXT })
  .meta({ description: 'a CPU, or guest/virtual CPU' });

const REQUESTER_TEXT = 'expected a quoted "bus:device.function", such as "3b:00.0"';

export const requester = z
  .string({ error: REQUESTER_TEXT })
  .regex(REQUESTER, REQUESTER_TEXT)
  .meta({ description: 'requester id as "bus:device.function" in hexadecimal, in quotes' });

const WORD = /^(0x)?[0-9a-fA-F_]{1,10}$/;
const WORD_TEXT = 'expected a 32-bit number such as 0xfee00578, or quoted hexadecimal';

/** A 32-bit word: a number, or hexadecimal digits in quotes. */
export const word32 = z
  .union([z.int().min(0).max(0xffffffff), z.string().regex(WORD, WORD_TEXT)], { error: WORD_TEXT })
  .refine(value => typeof value === 'number' || parseHex64(value)?.[1] === 0, { error: WORD_TEXT })
  .meta({ description: 'a 32-bit number, or hexadecimal digits in quotes' });

/** A word of a scenario as a number. */
export const toWord = (value: number | string): number =>
  typeof value === 'number' ? value : (parseHex64(value)?.[0] ?? 0);

const WORD64 = /^(0x)?[0-9a-fA-F_]{1,20}$/;
const WORD64_TEXT = 'expected up to 16 hexadecimal digits in quotes, such as "0000000200220009"';

export const word64 = z
  .string({ error: WORD64_TEXT })
  .regex(WORD64, { error: WORD64_TEXT, abort: true })
  .refine(text => parseHex64(text) !== null, { error: WORD64_TEXT })
  .meta({ description: 'a 64-bit word: up to 16 hexadecimal digits in quotes' });

export const vector = z
  .int({ error: 'expected a vector from 0 to 255, such as 0x22' })
  .min(0, 'expected a vector from 0 to 255, such as 0x22')
  .max(255, 'expected a vector from 0 to 255, such as 0x22')
  .meta({ description: 'interrupt vector, 0 to 255' });

const IRQ = /^[A-Za-z][A-Za-z0-9_-]*\.\d+$/;

export const irqName = z
  .string({ error: 'expected device.slot, such as nic0.0' })
  .regex(IRQ, 'expected device.slot, such as nic0.0')
  .meta({ description: 'an interrupt of a device: device.slot, such as nic0.0' });

/** Things by name, at least one of them. */
export const some = <T extends z.ZodType>(thing: T, text: string) =>
  z
    .record(name, thing)
    .refine(things => Object.keys(things).length > 0, `expected at least one ${text}`)
    .meta({ minProperties: 1 });

/** Index of an entry of a remapping table. */
export const entryIndex = z
  .int()
  .min(0)
  .max(0xffff)
  .meta({ description: 'index of an entry of the remapping table' });

export const pasid = z
  .int()
  .min(0)
  .max(0xfffff)
  .meta({ description: 'process address space id, 0 to 0xfffff' });

/** Label of a step. */
export const label = z.string().meta({ description: 'label of a step' });

/** Count of things, from 1. */
export const count = (max: number) => z.int().min(1).max(max);
