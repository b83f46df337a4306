import { z } from 'zod';
import { ACTOR_VERBS } from '../model/program.ts';
import { count, irqName, name } from './values.ts';

/** What one realm may do of its own accord. */
const actorSchema = z.strictObject({
  may: z.array(z.enum(ACTOR_VERBS)).min(1).meta({
    description:
      'use: allocate and store; free; raise; forge: write any message past the layers; replay: write an old message again; dma: make the device write into the window; spoof: the same under requester ids of others; call: hypercalls about interrupts of others; affinity: move to another CPU',
  }),
  irqs: z.array(irqName).min(1).optional().meta({
    description: 'interrupts it acts upon; all of the devices it owns',
  }),
});
export type ActorYaml = z.infer<typeof actorSchema>;

/** What `irqscope explore` and `irqscope matrix` do beyond the script. */
export const exploreSchema = z
  .strictObject({
    actors: z.record(name, actorSchema).optional().meta({
      description:
        'who acts freely once the script is done, in every order; hostile guests do everything, devices of the others raise',
    }),
    forge: z
      .strictObject({
        formats: z
          .array(z.enum(['compat', 'remappable']))
          .min(1)
          .optional()
          .meta({ description: 'formats of forged messages' }),
        modes: z
          .array(z.enum(['fixed', 'nmi', 'init', 'smi', 'extint']))
          .min(1)
          .optional()
          .meta({ description: 'delivery modes of forged messages' }),
      })
      .optional()
      .meta({ description: 'classes of forged messages; all of them' }),
    depth: count(1_000_000).optional().meta({ description: 'most actions of a path; no limit' }),
    states: count(100_000_000).optional().meta({ description: 'most states; 1000000' }),
    goal: z.string().optional().meta({ description: 'rule looked for; isolation and mode rules' }),
  })
  .meta({ description: 'free exploration: every order of actions, every forgery' });
export type ExploreYaml = z.infer<typeof exploreSchema>;
