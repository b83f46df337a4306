import type { AskYaml } from '../scenario/schema-lesson.ts';
import type { Kind } from './kind.ts';
import { choose } from './kind-choose.ts';
import { component } from './kind-component.ts';
import { field } from './kind-field.ts';
import { fill } from './kind-fill.ts';
import { order } from './kind-order.ts';
import { roles } from './kind-roles.ts';
import { verdict } from './kind-verdict.ts';
import type { Answer, Given, Question } from './question.ts';
import type { Library } from './value.ts';

/** A question together with the run it is asked of. */
export interface Asked {
  readonly question: () => Question;
  readonly answer: () => Answer;
  readonly misconception: (given: Given) => string;
}

const bind = <Q>(kind: Kind<Q>, library: Library, ask: Q): Asked => ({
  question: () => kind.question(library, ask),
  answer: () => kind.answer(library, ask),
  misconception: given => kind.misconception(library, ask, given),
});

/** The question of a part; null for a repair, which is judged by running it. */
export function askedOf(library: Library, ask: AskYaml): Asked | null {
  if (ask.choose) return bind(choose, library, ask.choose);
  if (ask.component) return bind(component, library, ask.component);
  if (ask.field) return bind(field, library, ask.field);
  if (ask.fill) return bind(fill, library, ask.fill);
  if (ask.roles) return bind(roles, library, ask.roles);
  if (ask.order) return bind(order, library, ask.order);
  if (ask.verdict) return bind(verdict, library, ask.verdict);
  return null;
}
