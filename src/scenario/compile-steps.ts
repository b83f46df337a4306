import { HOST, type Machine, NONE } from '../model/machine.ts';
import type { Program, Step, Verb } from '../model/program.ts';
import { actOf, type Compiling, type SourceStep } from './compile-verbs.ts';
import { doubtful, fail, failKey, type Linker } from './linker.ts';
import { cpuIndex, deviceMeant, type Place, realmIndex } from './references.ts';
import type { ScenarioYaml } from './schema.ts';
import { type StepYaml, VERB_NAMES, type VerbName } from './schema-steps.ts';
import { locate, nodeAt, type Path } from './source-tree.ts';
import { checkStepError } from './step-errors.ts';
import { parseTime } from './values.ts';

const TIME_LIMIT_NS = 10_000_000_000;

/** The script as flat steps and sequences. */
export function compileSteps(
  linker: Linker,
  yaml: ScenarioYaml,
  machine: Machine,
): { program: Program; sources: SourceStep[] } {
  const mode = yaml.time?.mode ?? 'timed';
  const c: Compiling = {
    linker,
    machine,
    steps: [],
    sources: [],
    sequences: [[]],
    interleaved: mode === 'interleave',
  };
  sequence(c, 0, yaml.steps ?? [], ['steps']);
  const time = {
    mode,
    flight: yaml.time?.flight ?? 'atomic',
    writes: yaml.time?.writes ?? (yaml.explore ? 'atomic' : 'split'),
    limitNs: parseTime(yaml.time?.limit ?? '') ?? TIME_LIMIT_NS,
  } as const;
  const program = {
    steps: c.steps,
    sequences: c.sequences,
    time,
    actions: [],
    choices: yaml.choices ?? [],
  };
  return { program, sources: c.sources };
}

function sequence(c: Compiling, at: number, steps: readonly StepYaml[], path: Path): void {
  for (const [i, yaml] of steps.entries()) {
    const index = addStep(c, yaml, [...path, i]);
    if (index >= 0) c.sequences[at].push(index);
  }
}

function body(c: Compiling, steps: readonly StepYaml[], path: Path): number {
  const at = c.sequences.length;
  c.sequences.push([]);
  sequence(c, at, steps, path);
  return at;
}

/** Adds a step, and what it contains, to what is being compiled; returns its index. */
export function addStep(c: Compiling, yaml: StepYaml, path: Path): number {
  const verbs = VERB_NAMES.filter(verb => yaml[verb] !== undefined);
  if (verbs.length !== 1) failVerbs(c, path, verbs);
  for (const key of ['at', 'after'] as const)
    if (c.interleaved && yaml[key] !== undefined)
      failKey(
        c.linker,
        [...path, key],
        'time/at-in-interleave',
        `'${key}' means nothing where every order is explored`,
        'leave it out, or write time: { mode: timed }',
      );
  const index = c.steps.length;
  const { line, column, file } = locate(c.linker.root, path);
  const by = realmOf(c, yaml, path);
  checkModifiers(c, yaml, { path, by });
  const placeholder: Step = {
    index,
    what: { verb: 'wait', forNs: 0 },
    atNs: parseTime(yaml.at ?? '') ?? -1,
    afterNs: parseTime(yaml.after ?? '') ?? -1,
    label: yaml.label ?? '',
    by: Math.max(HOST, by),
    text: textOf(yaml, verbs[0] ?? 'wait'),
    source: { file, line, column },
  };
  c.steps.push(placeholder);
  c.sources.push({ yaml, path });
  if (verbs.length === 1) c.steps[index] = { ...placeholder, what: verbOf(c, yaml, { path, by }) };
  return index;
}

/** Names in what a step says of itself. */
function checkModifiers(c: Compiling, { expect, label }: StepYaml, { path, by }: Place): void {
  if (expect?.error) checkStepError(c.linker, expect.error, [...path, 'expect', 'error']);
  if (expect?.cpu)
    cpuIndex(c.linker, c.machine, { path: [...path, 'expect', 'cpu'], by }, expect.cpu);
  if (!label || !c.steps.some(other => other.label === label)) return;
  const hint = 'give each step a label of its own';
  const message = `another step has the label ${label} already`;
  fail(c.linker, [...path, 'label'], 'step/label-twice', message, hint);
}

function failVerbs(c: Compiling, path: Path, verbs: readonly VerbName[]): void {
  if (verbs.length === 0) {
    const hint = `verbs: ${VERB_NAMES.join(', ')}`;
    fail(c.linker, path, 'step/verb', 'a step has one verb, found none', hint);
    return;
  }
  const node = nodeAt(c.linker.root, path);
  const written = node?.kind === 'map' ? [...node.entries.keys()] : [];
  const [first, second] = written.filter(key => verbs.some(verb => verb === key));
  const message = `a step has one verb, found ${first} and ${second}`;
  failKey(c.linker, [...path, second], 'step/verb', message, 'make it two steps');
}

/** The step in a few words. */
function textOf(yaml: StepYaml, verb: VerbName): string {
  const value = yaml[verb];
  if (typeof value === 'string') return `${verb} ${value}`;
  if (value && typeof value === 'object' && 'irq' in value && typeof value.irq === 'string')
    return `${verb} ${value.irq}`;
  if (value && typeof value === 'object' && 'device' in value && typeof value.device === 'string')
    return `${verb} ${value.device}`;
  return verb;
}

/** Realm whose software a step is; `NONE` where mistakes leave it open. */
function realmOf(c: Compiling, yaml: StepYaml, path: Path): number {
  if (yaml.by) return realmIndex(c.linker, c.machine, [...path, 'by'], yaml.by);
  const [name] = (sender(yaml) ?? irqText(yaml)).split('.');
  if (name === '' || yaml.unpost) return HOST;
  const device = c.machine.devices[deviceMeant(c.machine, name)];
  return device && !doubtful(c.linker, 'owner', device.name) ? device.owner : NONE;
}

/** The device that sends something of its own accord. */
function sender({ attack, raise }: StepYaml): string | undefined {
  if (attack?.device) return attack.device;
  return typeof raise === 'object' && 'device' in raise ? raise.device : undefined;
}

function irqText(yaml: StepYaml): string {
  for (const verb of VERB_NAMES) {
    const value = yaml[verb];
    if (typeof value === 'string') return value;
    if (value && typeof value === 'object' && 'irq' in value && typeof value.irq === 'string')
      return value.irq;
  }
  return '';
}

function verbOf(c: Compiling, yaml: StepYaml, at: Place): Verb {
  const { path } = at;
  const branches = (key: 'race' | 'choose') =>
    Object.entries(yaml[key] ?? {}).map(([name, steps]) => ({
      name,
      sequence: body(c, steps, [...path, key, name]),
    }));
  if (yaml.race) return { verb: 'race', threads: branches('race') };
  if (yaml.choose) return { verb: 'choose', branches: branches('choose') };
  if (yaml.repeat)
    return {
      verb: 'repeat',
      times: yaml.repeat.times,
      sequence: body(c, yaml.repeat.steps, [...path, 'repeat', 'steps']),
    };
  if (yaml.wait !== undefined) return { verb: 'wait', forNs: parseTime(yaml.wait) ?? 0 };
  return actOf(c, yaml, at);
}
