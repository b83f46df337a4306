import { HOST, type Machine } from '../model/machine.ts';
import type { TraceRecord } from '../model/record.ts';
import type { Role } from '../report/picture.ts';
import { spotKey } from '../report/spots.ts';
import type { RolesYaml } from '../scenario/schema-lesson.ts';
import { type Kind, wrongFor } from './kind.ts';
import type { LessonRun } from './lesson-runs.ts';
import { choosableParts } from './parts.ts';
import type { RoleChoice, RolePlace } from './question.ts';
import { type Library, runIn } from './value.ts';

/** What a place may do, as it is offered: the words under the drawings of the 2020 mail. [TGLX] */
const CHOICES: readonly (readonly Role[])[] = [
  ['alloc'],
  ['alloc', 'compose'],
  ['compose'],
  ['store'],
  ['use'],
];

const keyOf = (roles: readonly Role[]): string => roles.join('+');

/** The role a record shows its actor in; null for the others. */
function roleOf(record: TraceRecord): Role | null {
  switch (record.act) {
    case 'alloc':
      return record.error ? null : 'alloc';
    case 'compose':
      return record.message ? 'compose' : null;
    case 'put':
      return 'store';
    case 'emit':
      return 'use';
    default:
      return null;
  }
}

/** Layers of a realm, from the root to the bus, and the devices they serve. */
function placesOf(machine: Machine, realm: number): RolePlace[] {
  const parts = choosableParts(machine, ['domain', 'device']);
  return parts.flatMap((choice): RolePlace[] => {
    const { part, of } = choice.spot ?? { part: 'device', of: '' };
    if (part === 'device') {
      const device = machine.devices.findIndex(({ name }) => name === of);
      return (machine.stacks[realm]?.[device] ?? -1) < 0 ? [] : [{ ...choice, kind: 'device' }];
    }
    const domain = machine.domains.find(({ name }) => name === of);
    return domain?.realm === realm ? [{ ...choice, kind: 'layer' }] : [];
  });
}

const realmOf = ({ machine }: LessonRun['scenario'], name: string | undefined): number =>
  name === undefined ? HOST : machine.realms.findIndex(realm => realm.name === name);

/** What a place does in the run, in the order of the roles. */
function rolesIn({ view }: LessonRun, { kind, spot }: RolePlace): string {
  const seen = view.trace.flatMap(record => {
    const role = roleOf(record);
    const who = 'domain' in record ? record.domain : record.actor;
    const fits = kind === 'device' ? role === 'use' : 'domain' in record;
    return role && fits && who === spot?.of ? [role] : [];
  });
  return CHOICES.map(keyOf).find(key => key === keyOf([...new Set(seen)].sort())) ?? '';
}

/** Places that do something in the run: others have no role to ask for. */
const asked = (run: LessonRun, ask: RolesYaml): RolePlace[] =>
  placesOf(run.scenario.machine, realmOf(run.scenario, ask.realm)).filter(
    place => rolesIn(run, place) !== '',
  );

const rolesOf = (library: Library, ask: RolesYaml): string[] => {
  const run = runIn(library);
  return asked(run, ask).map(place => rolesIn(run, place));
};

/** Who allocates, composes, stores and uses. */
export const roles: Kind<RolesYaml> = {
  question: (library, ask) => ({
    kind: 'roles',
    places: asked(runIn(library), ask),
    choices: CHOICES.map((list): RoleChoice => ({ key: keyOf(list), roles: list })),
  }),
  answer(library, ask) {
    const right = rolesOf(library, ask);
    return { right: right.length > 0 ? [right] : [], seq: -1 };
  },
  misconception(library, ask, given) {
    const places = asked(runIn(library), ask);
    const right = rolesOf(library, ask);
    const at = right.findIndex((key, i) => key !== given[i]);
    const { spot } = places[at] ?? {};
    if (!spot) return wrongFor(ask.wrong, []);
    const { machine } = runIn(library).scenario;
    const domain = machine.domains.find(({ name }) => name === spot.of);
    return wrongFor(ask.wrong, [spotKey(spot), ...(domain ? [domain.kind] : []), spot.part]);
  },
};
