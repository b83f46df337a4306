import { z } from 'zod';
import { cpuName, entryIndex, irqName, label, time, vector } from './values.ts';

const counts = {
  count: z.int().min(0).optional().meta({ description: 'exactly so often' }),
  atLeast: z.int().min(0).optional().meta({ description: 'so often or more; 1' }),
  atMost: z.int().min(0).optional().meta({ description: 'so often or less' }),
};

/** A rule of the taxonomy, a pattern such as `isolation/*`, or `any`. */
const rule = z.string().meta({ description: 'a rule, a pattern such as isolation/*, or any' });

const assertion = {
  delivered: z
    .strictObject({
      irq: irqName.optional(),
      device: z.string().optional().meta({ description: 'any interrupt of this device' }),
      to: cpuName.optional(),
      vector: vector.optional(),
      step: label.optional(),
      within: time.optional().meta({ description: 'from the raise to the handler' }),
      ...counts,
    })
    .optional()
    .meta({ description: 'an interrupt arrived and was serviced on its own behalf' }),
  lost: z
    .union([irqName, z.strictObject({ irq: irqName.optional() })])
    .optional()
    .meta({ description: 'a raise was not masked and never serviced' }),
  works: z
    .union([irqName, z.strictObject({ irq: irqName })])
    .optional()
    .meta({ description: 'it was raised, and every raise was serviced' }),
  fault: z
    .strictObject({
      step: label.optional(),
      reason: z.string().optional().meta({ description: 'such as vtd/0x26' }),
      unit: z.string().optional().meta({ description: 'ir, or a bridge' }),
      entry: entryIndex.optional(),
      fate: z.enum(['recorded', 'suppressed', 'overflow', 'silent']).optional().meta({
        description: 'whether software could read of it',
      }),
      ...counts,
    })
    .optional()
    .meta({ description: 'hardware refused a message' }),
  violation: z
    .union([
      rule,
      z.strictObject({
        rule,
        step: label.optional(),
        source: z.string().optional().meta({ description: 'the device that sent' }),
        target: cpuName.optional(),
        vector: vector.optional(),
        ...counts,
      }),
    ])
    .optional()
    .meta({ description: 'a rule was broken: by itself, or with what it must look like' }),
  spurious: z
    .strictObject({ cpu: cpuName.optional(), vector: vector.optional(), ...counts })
    .optional()
    .meta({ description: 'a CPU took a vector nobody had asked for' }),
  state: z
    .strictObject({
      of: z
        .string()
        .meta({ description: 'a place, such as ir.irte[3], nic0.msix[0].address or p0.irr' }),
      is: z.unknown().meta({
        description: 'what it holds: a value, or some of its fields',
      }),
    })
    .optional()
    .meta({ description: 'what a place holds at the end, such as ir.irte[3]' }),
  order: z.array(z.string()).min(2).optional().meta({
    description: 'interrupts or step labels in the order of their arrival',
  }),
  latency: z
    .strictObject({ irq: irqName, max: time })
    .optional()
    .meta({ description: 'longest time from a raise to its handler' }),
  isolated: z
    .boolean()
    .optional()
    .meta({ description: 'no source reached what is not its owner’s' }),
};

/** Names of assertions. */
export const ASSERTION_NAMES = [
  'delivered',
  'lost',
  'works',
  'fault',
  'violation',
  'spurious',
  'state',
  'order',
  'latency',
  'isolated',
] as const satisfies readonly (keyof typeof assertion)[];

export const assertionSchema = z.strictObject(assertion);
export type AssertionYaml = z.infer<typeof assertionSchema>;

const assertions = z.array(assertionSchema);

const quantified = {
  always: assertions.optional().meta({ description: 'holds in every run' }),
  sometimes: assertions.optional().meta({ description: 'holds in at least one run' }),
  never: assertions.optional().meta({ description: 'holds in no run' }),
  isolated: z
    .boolean()
    .optional()
    .meta({ description: 'verdict: no rule of isolation or mode is broken' }),
  works: z.boolean().optional().meta({ description: 'verdict: every permitted raise is serviced' }),
  interference: z.boolean().optional().meta({
    description: 'verdict: others notice a hostile guest, by runs with and without its steps',
  }),
};

const axisValue = z.union([z.string(), z.number(), z.boolean()]);

/** Variants by the values of their axes: one value, or any of several. */
export const patternSchema = z.record(z.string(), z.union([axisValue, z.array(axisValue)]));

export const cellSchema = z.strictObject({
  when: patternSchema.meta({
    description: 'axes and the values they must have; {} is every variant',
  }),
  ...quantified,
  violation: rule.optional(),
});

export const expectSchema = z.strictObject({
  ...quantified,
  cells: z.array(cellSchema).optional().meta({ description: 'first line that matches applies' }),
});
export type ExpectYaml = z.infer<typeof expectSchema>;
