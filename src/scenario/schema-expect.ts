import { z } from 'zod';
import { cpuName, irqName, time, vector } from './values.ts';

const counts = {
  count: z.int().min(0).optional().meta({ description: 'exactly so often' }),
  atLeast: z.int().min(0).optional(),
  atMost: z.int().min(0).optional(),
};

/** A rule of the taxonomy, a pattern such as `isolation/*`, or `any`. */
const rule = z.string().meta({ description: 'a rule, a pattern such as isolation/*, or any' });

const assertion = {
  delivered: z
    .strictObject({
      irq: irqName.optional(),
      device: z.string().optional(),
      to: cpuName.optional(),
      vector: vector.optional(),
      step: z.string().optional(),
      within: time.optional().meta({ description: 'from the raise to the handler' }),
      ...counts,
    })
    .optional()
    .meta({ description: 'an interrupt arrived and was serviced on its own behalf' }),
  lost: z.union([irqName, z.strictObject({ irq: irqName.optional() })]).optional(),
  works: z.union([irqName, z.strictObject({ irq: irqName })]).optional(),
  fault: z
    .strictObject({
      step: z.string().optional(),
      reason: z.string().optional().meta({ description: 'such as vtd/0x26' }),
      unit: z.string().optional(),
      entry: z.int().min(0).optional(),
      fate: z.enum(['recorded', 'suppressed', 'overflow', 'silent']).optional(),
      ...counts,
    })
    .optional(),
  violation: z
    .union([
      rule,
      z.strictObject({
        rule,
        step: z.string().optional(),
        source: z.string().optional(),
        target: cpuName.optional(),
        vector: vector.optional(),
        ...counts,
      }),
    ])
    .optional(),
  spurious: z
    .strictObject({ cpu: cpuName.optional(), vector: vector.optional(), ...counts })
    .optional()
    .meta({ description: 'a CPU took a vector nobody had asked for' }),
  state: z
    .strictObject({ of: z.string(), is: z.unknown() })
    .optional()
    .meta({ description: 'what a place holds at the end, such as ir.irte[3]' }),
  order: z.array(z.string()).min(2).optional().meta({
    description: 'interrupts or step labels in the order of their arrival',
  }),
  latency: z
    .strictObject({ irq: irqName, max: time })
    .optional()
    .meta({ description: 'longest time from a raise to its handler' }),
  isolated: z.boolean().optional(),
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
  isolated: z.boolean().optional(),
  works: z.boolean().optional(),
};

const axisValue = z.union([z.string(), z.number(), z.boolean()]);

export const cellSchema = z.strictObject({
  when: z.record(z.string(), z.union([axisValue, z.array(axisValue)])),
  ...quantified,
  violation: rule.optional(),
});

export const expectSchema = z.strictObject({
  ...quantified,
  cells: z.array(cellSchema).optional().meta({ description: 'first line that matches applies' }),
});
export type ExpectYaml = z.infer<typeof expectSchema>;
export type CellYaml = z.infer<typeof cellSchema>;
