import { z } from 'zod';
import { parseHex64 } from '../bits/word.ts';
import { parseRequester } from '../model/requester.ts';

/** Values that mean something here, with the words a person needs when one is wrong. */

const TIME_UNITS = { ns: 1, us: 1_000, ms: 1_000_000, s: 1_000_000_000 } as const;
const TIME = /^(\d+(?:\.\d+)?)\s*(ns|us|ms|s)$/;

/** A duration such as `10us` in nanoseconds; null when it is none, or no whole number of them. */
export function parseTime(text: string): number | null {
  const match = TIME.exec(text);
  if (!match) return null;
  const timeNs = Number(match[1]) * TIME_UNITS[match[2] as keyof typeof TIME_UNITS];
  return Number.isSafeInteger(timeNs) ? timeNs : null;
}

const NAME = /^[a-z][a-z0-9_]*$/i;

/** Name of a thing in a scenario: letters, digits, underscores. */
export const name = z
  .string()
  .regex(NAME, 'expected a name of letters, digits and _, such as nic0')
  .meta({ description: 'letters, digits and _' });

export const time = z
  .string({ error: 'expected a time with its unit: ns, us, ms or s, such as 10us' })
  .refine(text => parseTime(text) !== null, {
    error: 'expected a time with its unit: ns, us, ms or s, such as 10us',
  })
  .meta({ description: 'a time with its unit: ns, us, ms or s; such as 10us' });

export const requester = z
  .string({ error: 'expected a quoted "bus:device.function", such as "3b:00.0"' })
  .refine(text => parseRequester(text) !== null, {
    error: 'expected a quoted "bus:device.function", such as "3b:00.0"',
  })
  .meta({ description: 'requester id as "bus:device.function" in hexadecimal, in quotes' });

const WORD_TEXT = 'expected a 32-bit number such as 0xfee00578, or quoted hexadecimal';

/** A 32-bit word: a number, or hexadecimal digits in quotes. */
export const word32 = z
  .union([z.int().min(0).max(0xffffffff), z.string()], { error: WORD_TEXT })
  .refine(value => typeof value === 'number' || parseHex64(value)?.[1] === 0, { error: WORD_TEXT })
  .meta({ description: 'a 32-bit number, or hexadecimal digits in quotes' });

/** A word of a scenario as a number. */
export const toWord = (value: number | string): number =>
  typeof value === 'number' ? value : (parseHex64(value)?.[0] ?? 0);

const WORD64_TEXT = 'expected up to 16 hexadecimal digits in quotes, such as "0000000200220009"';

export const word64 = z
  .string({ error: WORD64_TEXT })
  .refine(text => parseHex64(text) !== null, { error: WORD64_TEXT })
  .meta({ description: 'a 64-bit word: up to 16 hexadecimal digits in quotes' });

export const vector = z
  .int({ error: 'expected a vector from 0 to 255, such as 0x22' })
  .min(0, 'expected a vector from 0 to 255, such as 0x22')
  .max(255, 'expected a vector from 0 to 255, such as 0x22')
  .meta({ description: 'interrupt vector, 0 to 255' });

const IRQ = /^[a-z][a-z0-9_]*\.\d+$/i;

export const irqName = z
  .string({ error: 'expected device.slot, such as nic0.0' })
  .regex(IRQ, 'expected device.slot, such as nic0.0')
  .meta({ description: 'an interrupt of a device: device.slot, such as nic0.0' });

/** Count of things, from 1. */
export const count = (max: number) => z.int().min(1).max(max);
