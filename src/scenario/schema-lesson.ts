import { z } from 'zod';
import type { Happening, WriteHappening } from '../model/record.ts';
import { assertionSchema, expectSchema } from './schema-expect.ts';
import { label, name } from './values.ts';

/** What a lesson is about: texts, and questions whose answers are looked up in the run. */

/** Acts of the trace a teacher may point at. */
export const LESSON_ACTS = [
  'create',
  'assign',
  'alloc',
  'activate',
  'compose',
  'put',
  'write',
  'trap',
  'hypercall',
  'forge',
  'bind',
  'invalidate',
  'raise',
  'emit',
  'retag',
  'stray',
  'translate',
  'fault',
  'deliver',
  'post',
  'service',
  'eoi',
  'free',
  'result',
] as const satisfies readonly Happening['act'][];

/** Parts of the picture that can be pointed at. */
export const LESSON_PARTS = [
  'cpu',
  'unit',
  'bridge',
  'bus',
  'device',
  'domain',
  'hypervisor',
  'realm',
] as const;

const UNITS = [
  'store',
  'function',
  'table',
  'register',
  'descriptor',
  'virtual-store',
] as const satisfies readonly WriteHappening['unit'][];

const cell = z
  .record(name, z.union([z.string(), z.number(), z.boolean()]))
  .meta({ description: 'the variant: axes and their values' });

const recordShape = {
  act: z.enum(LESSON_ACTS).meta({ description: 'what happened, by the word of the trace' }),
  step: label.optional(),
  by: z.string().optional().meta({ description: 'who acts: a realm, a device, a unit' }),
  layer: z.string().optional().meta({ description: 'layer that acts, such as vector or g1/hcall' }),
  unit: z.enum(UNITS).optional().meta({ description: 'what is written, where act is write' }),
  error: z.boolean().optional().meta({ description: 'whether it failed' }),
  check: z.string().optional().meta({
    description: 'a check that was made there, such as vtd/source-id or dma/*',
  }),
  failed: z.string().optional().meta({ description: 'a check that failed there' }),
};

const nth = z.int().optional().meta({ description: 'which of them: 1 the first, -1 the last; 1' });

/** One record of the trace. */
const recordSchema = z
  .strictObject({ ...recordShape, nth })
  .meta({ description: 'a record of the run' });
export type RecordYaml = z.infer<typeof recordSchema>;

const counted = z.strictObject({
  ...recordShape,
  count: z.int().min(0).optional().meta({ description: 'exactly so many' }),
  atLeast: z.int().min(0).optional().meta({ description: 'so many or more; 1' }),
  atMost: z.int().min(0).optional().meta({ description: 'so many or less' }),
});
export type CountedYaml = z.infer<typeof counted>;

/** A number the run has, or a plain one. */
const valueSchema = z
  .union(
    [
      z.int().min(0),
      z.strictObject({
        key: z.string().meta({ description: 'a number of the record: vector, entry, rid, slot' }),
        of: recordSchema,
        cell: cell.optional(),
      }),
      z.strictObject({
        field: z.string().meta({
          description: 'a field of its message or entry, or address, data, or any',
        }),
        of: recordSchema,
        cell: cell.optional(),
      }),
      z.strictObject({
        state: z.string().meta({ description: 'a place, such as ir.irte[3].vector' }),
        cell: cell.optional(),
      }),
      z.strictObject({
        count: counted.meta({ description: 'how many records there are' }),
        cell: cell.optional(),
      }),
    ],
    { error: 'expected a number, or where it is found: key, field, state or count' },
  )
  .meta({ description: 'a number, or where it is found in the run' });
export type ValueYaml = z.infer<typeof valueSchema>;

/** What makes an option the right one. */
const conditionSchema = z
  .strictObject({
    holds: assertionSchema.optional().meta({ description: 'an assertion, as under expect' }),
    record: counted.optional().meta({ description: 'records that are there, once or more' }),
    equal: z.tuple([valueSchema, valueSchema]).optional().meta({
      description: 'two numbers that are the same',
    }),
    not: z.boolean().optional().meta({ description: 'the opposite; false' }),
    cell: cell.optional(),
  })
  .meta({ description: 'what makes it right, looked up in the run; without it it is wrong' });
export type ConditionYaml = z.infer<typeof conditionSchema>;

const misconception = z
  .string()
  .optional()
  .meta({ description: 'name of the misconception whoever chooses it has' });

const optionSchema = z.strictObject({
  text: z.string().min(1).meta({ description: 'what the learner reads' }),
  when: conditionSchema.optional(),
  misconception,
});
export type OptionYaml = z.infer<typeof optionSchema>;

const wrong = z
  .record(z.string(), z.string())
  .optional()
  .meta({ description: 'wrong answers and their misconceptions; other is all that are not named' });

const componentSchema = z
  .strictObject({
    at: recordSchema.optional(),
    boundary: z.literal(true).optional().meta({
      description: 'where what depends on the architecture ends',
    }),
    differs: cell.optional(),
    same: cell.optional(),
    among: z.array(z.enum(LESSON_PARTS)).min(1).optional().meta({
      description: 'kinds of parts to choose from; cpu, unit, bridge, device',
    }),
    wrong,
  })
  .meta({ description: 'which part of the picture: where a record happens, or what differs' });
export type ComponentYaml = z.infer<typeof componentSchema>;

const fieldSchema = z
  .strictObject({
    of: recordSchema,
    differs: cell.optional(),
    checked: recordSchema.optional(),
    wrong,
  })
  .meta({ description: 'which bits: those that differ in another variant, or that a check read' });
export type FieldYaml = z.infer<typeof fieldSchema>;

const fillSchema = z
  .strictObject({
    value: valueSchema,
    as: z.enum(['hex', 'number']).optional().meta({ description: 'how it is written; hex' }),
    wrong: z
      .array(
        z.strictObject({
          value: valueSchema,
          misconception: z.string().meta({ description: 'the misconception it tells' }),
        }),
      )
      .optional()
      .meta({ description: 'wrong numbers that tell a misconception' }),
    otherwise: misconception,
  })
  .meta({ description: 'which number' });
export type FillYaml = z.infer<typeof fillSchema>;

const rolesSchema = z
  .strictObject({
    realm: name.optional().meta({ description: 'whose view: host or a guest; host' }),
    wrong,
  })
  .meta({ description: 'who allocates, composes, stores and uses' });
export type RolesYaml = z.infer<typeof rolesSchema>;

const orderSchema = z
  .strictObject({
    of: z
      .array(
        z.strictObject({
          text: z.string().min(1).meta({ description: 'what the learner reads' }),
          record: recordSchema,
        }),
      )
      .min(2)
      .meta({ description: 'what is to be put in order, each with the record that shows when' }),
    otherwise: misconception,
  })
  .meta({ description: 'in which order things happen' });
export type OrderYaml = z.infer<typeof orderSchema>;

/** What can become of a message. */
export const LESSON_VERDICTS = ['delivered', 'blocked', 'misdelivered', 'lost', 'held'] as const;

const verdictSchema = z
  .strictObject({
    step: label,
    reasons: z.array(optionSchema).min(2).meta({ description: 'why: one of them is right' }),
    wrong,
  })
  .meta({ description: 'what becomes of the message of a step, and why' });
export type VerdictYaml = z.infer<typeof verdictSchema>;

const sections = z.record(z.string(), z.unknown());

const repairSchema = z
  .strictObject({
    start: sections.meta({ description: 'sections of the scenario the learner changes' }),
    goal: expectSchema.meta({ description: 'what must come of it, as under expect' }),
    solution: sections.meta({ description: 'the same sections as they reach the goal' }),
    hint: z.string().optional().meta({ description: 'shown on request' }),
  })
  .meta({ description: 'change the scenario until the goal is reached' });

/** Kinds of questions. */
export const ASK_KINDS = [
  'choose',
  'component',
  'field',
  'fill',
  'roles',
  'order',
  'verdict',
  'repair',
] as const;
export type AskKind = (typeof ASK_KINDS)[number];

const askSchema = z
  .strictObject({
    question: z.string().min(1).meta({ description: 'the question' }),
    choose: z.array(optionSchema).min(2).optional().meta({ description: 'one option of several' }),
    component: componentSchema.optional(),
    field: fieldSchema.optional(),
    fill: fillSchema.optional(),
    roles: rolesSchema.optional(),
    order: orderSchema.optional(),
    verdict: verdictSchema.optional(),
    repair: repairSchema.optional(),
    until: recordSchema.optional().meta({
      description: 'the run plays up to this record to show the answer',
    }),
    explain: z.string().min(1).meta({ description: 'shown after the answer' }),
  })
  .meta({ description: 'a question, and where its answer is found' });
export type AskYaml = z.infer<typeof askSchema>;

const place = z
  .union([z.enum(['start', 'end']), z.strictObject({ before: label }), recordSchema], {
    error: 'expected start, end, { before: label } or a record such as { act: emit }',
  })
  .meta({ description: 'where the picture stands: start, end, before a step, or after a record' });
export type PlaceYaml = z.infer<typeof place>;

const partSchema = z.strictObject({
  title: z.string().min(1).meta({ description: 'its heading' }),
  text: z.string().min(1).meta({ description: 'at most 80 words' }),
  cell: cell.optional(),
  at: place.optional(),
  show: z.enum(['why', 'bits', 'tables']).optional().meta({
    description: 'what is open beside the picture',
  }),
  table: z
    .enum(['vectors', 'cpus', 'entries', 'stores', 'bindings', 'descriptors', 'faults'])
    .optional()
    .meta({ description: 'which table, where tables are shown' }),
  ask: askSchema.optional(),
});
export type PartYaml = z.infer<typeof partSchema>;

export const lessonSchema = z
  .strictObject({
    order: z.int().min(1).optional().meta({ description: 'its place in the list of lessons' }),
    goal: z.string().min(1).meta({ description: 'what one knows afterwards, in one line' }),
    numbers: z.array(name).min(1).optional().meta({
      description: 'axes that only bring other numbers: the lesson can be done again with them',
    }),
    misconceptions: z.record(name, z.string().min(1)).meta({
      description: 'what a wrong answer is told, by name',
    }),
    parts: z.array(partSchema).min(1).meta({ description: 'the lesson, part by part' }),
  })
  .meta({ description: 'a lesson about this scenario' });
export type LessonYaml = z.infer<typeof lessonSchema>;
