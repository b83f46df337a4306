import { z } from 'zod';
import { expectSchema, patternSchema } from './schema-expect.ts';
import { exploreSchema } from './schema-explore.ts';
import { lessonSchema } from './schema-lesson.ts';
import {
  deviceSchema,
  domainsSchema,
  guestSchema,
  hypervisorSchema,
  platformSchema,
  policySchema,
  timeSchema,
} from './schema-platform.ts';
import { stepSchema } from './schema-steps.ts';
import { name, some } from './values.ts';

/** Version of the scenario language this program reads. */
export const FORMAT_VERSION = 1;

const plain = z.union([z.string(), z.number(), z.boolean()]);
const axis = z.union([
  z.array(plain).min(1),
  z.record(z.string(), z.record(z.string(), z.unknown())),
]);

/** A whole scenario, after `extends`. */
export const scenarioSchema = z
  .strictObject({
    irqscope: z
      .literal(FORMAT_VERSION, { error: `this program reads irqscope: ${FORMAT_VERSION}` })
      .meta({ description: 'version of the language' }),
    name: z
      .string()
      .regex(/^[a-z0-9][a-z0-9-]*$/, 'expected lower-case letters, digits and -, such as basic-msi')
      .meta({ description: 'identifies it in reports: lower-case letters, digits and -' }),
    title: z.string().min(1).meta({ description: 'what it shows, in one line' }),
    description: z.string().optional().meta({ description: 'what it shows, at length' }),
    extends: z.string().optional().meta({
      description: 'a scenario this one changes: maps merge, lists and values replace',
    }),
    tags: z.array(z.string()).optional().meta({ description: 'words to find it by' }),
    refs: z.array(z.string()).optional().meta({ description: 'where it comes from' }),
    seed: z.int().min(0).optional().meta({ description: 'seed of the random streams; 0' }),
    platform: platformSchema.optional().meta({ description: 'CPUs, remap unit, bridges' }),
    guests: z
      .record(name, guestSchema)
      .optional()
      .meta({ description: 'virtual machines by name' }),
    devices: some(deviceSchema, 'device').meta({ description: 'devices by name' }),
    domains: domainsSchema.optional(),
    hypervisor: hypervisorSchema
      .optional()
      .meta({ description: 'how traps and hypercalls are answered' }),
    policy: policySchema.optional().meta({ description: 'what sources may signal' }),
    time: timeSchema.optional().meta({ description: 'one order, or every order' }),
    steps: z.array(stepSchema).optional().meta({ description: 'the script' }),
    values: z.record(name, plain).optional().meta({
      description: 'what $name stands for where it is no axis; patches of variants may change it',
    }),
    vary: z.record(name, axis).optional().meta({
      description: 'axes of variants: a list of values for $axis, or named patches',
    }),
    exclude: z.array(patternSchema).optional().meta({ description: 'variants left out' }),
    explore: exploreSchema.optional(),
    choices: z.array(z.int().min(0)).optional().meta({
      description: 'answers at the choice door, in order: pins one run of many',
    }),
    expect: expectSchema.optional().meta({ description: 'what must come of it' }),
    lesson: lessonSchema.optional(),
  })
  .meta({ title: 'irqscope scenario' });
export type ScenarioYaml = z.infer<typeof scenarioSchema>;
