import { z } from 'zod';
import { expectSchema } from './schema-expect.ts';
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

const axis = z.union([
  z.array(z.union([z.string(), z.number(), z.boolean()])).min(1),
  z.record(z.string(), z.record(z.string(), z.unknown())),
]);

/** A whole scenario, after `extends`. */
export const scenarioSchema = z
  .strictObject({
    irqscope: z.literal(FORMAT_VERSION, {
      error: `this program reads irqscope: ${FORMAT_VERSION}`,
    }),
    name: z
      .string()
      .regex(
        /^[a-z0-9][a-z0-9-]*$/,
        'expected lower-case letters, digits and -, such as basic-msi',
      ),
    title: z.string().min(1),
    description: z.string().optional(),
    extends: z.string().optional(),
    tags: z.array(z.string()).optional(),
    refs: z.array(z.string()).optional(),
    seed: z.int().min(0).optional(),
    platform: platformSchema.optional(),
    guests: z.record(name, guestSchema).optional(),
    devices: some(deviceSchema, 'device'),
    domains: domainsSchema.optional(),
    hypervisor: hypervisorSchema.optional(),
    policy: policySchema.optional(),
    time: timeSchema.optional(),
    steps: z.array(stepSchema).optional(),
    vary: z.record(name, axis).optional(),
    exclude: z.array(z.record(z.string(), z.unknown())).optional(),
    expect: expectSchema.optional(),
  })
  .meta({ title: 'irqscope scenario', id: 'scenario' });
export type ScenarioYaml = z.infer<typeof scenarioSchema>;

/** The schema as JSON Schema, for editors. `draft-7` is what yaml-language-server reads. */
export const jsonSchema = (target: 'draft-7' | 'draft-2020-12' = 'draft-7'): unknown =>
  z.toJSONSchema(scenarioSchema, { target, io: 'input' });
