import type { Fate, Part, Picture, Role, Share } from '../../src/index.ts';
import type { OtherFate } from '../app/outcomes.ts';
import type { KeyUse, Tab, Theme, View } from '../app/state.ts';
import { MAKING } from './en-making.ts';
import { columns, tableNotes, tables } from './en-tables.ts';

const roles: Record<Role, string> = {
  alloc: 'Alloc',
  compose: 'Compose',
  store: 'Store',
  use: 'Use',
};

const fates: Record<Fate, string> = {
  delivered: 'delivered',
  blocked: 'blocked',
  misdelivered: 'misdelivered',
  lost: 'lost',
  held: 'held back',
  nothing: 'no effect',
};

const fateTexts: Record<Fate, string> = {
  delivered: 'The interrupt arrived where it may arrive.',
  blocked: 'The message was refused on its way. For a message that may not arrive that is good.',
  misdelivered: 'The message did something its sender may not do.',
  lost: 'A permitted interrupt was raised and never serviced.',
  held: 'The interrupt is masked and waits.',
  nothing: 'No CPU took anything from it.',
};

const tabs: Record<Tab, string> = { why: 'Why', bits: 'Bits', tables: 'Tables' };
const views: Record<View, string> = { stage: 'Picture', mail: 'tglx view', text: 'Text' };
const themes: Record<Theme, string> = { auto: 'as the system', light: 'light', dark: 'dark' };
const keyUses: Record<KeyUse, string> = {
  stage: 'while the picture has the focus',
  always: 'everywhere',
  never: 'never',
};

const parts: Record<Part, string> = {
  cpu: 'CPU',
  unit: 'remap unit',
  bridge: 'bridge',
  bus: 'bus',
  device: 'device',
  domain: 'layer',
  hypervisor: 'hypervisor',
  realm: 'software',
};

const shares: Record<Share, string> = {
  allocated: 'allocated',
  composed: 'composed',
  forged: 'written by hand',
  written: 'stored',
  sent: 'sent by the script',
};

/** What a box of the picture is, for people who cannot see it. */
interface PieceWords {
  /** What is written in it, in one line. */
  readonly written: string;
  readonly sub: string;
  readonly view: 'host' | 'guest';
  /** Lines there was no room for. */
  readonly more: number;
  readonly states: readonly string[];
}

/** Every text of the page. */
export const EN = {
  ...MAKING,
  app: {
    name: 'irqscope',
    tagline: 'how an interrupt message travels, bit for bit',
    scenario: 'Scenario',
    choose: 'choose …',
    variant: (axis: string): string => axis,
    view: 'View',
    viewNotes: {
      stage: 'The machine, and what moves in it',
      mail: 'The drawing of Thomas Gleixner’s mail of November 2020',
      text: 'The run in sentences',
    } satisfies Record<View, string>,
    theme: 'Colours',
    help: 'Help, settings',
    menu: 'Choose a scenario to look at.',
    loading: 'Running the scenario …',
    noScript: 'This page runs a simulator in your browser and needs JavaScript.',
    skip: 'Skip to the picture',
    unknown: (id: string): string => `There is no scenario ${id} here.`,
    empty: 'What would you like to see?',
    sections: 'Parts of the page',
    lessons: 'Lessons',
    compare: 'Compare',
    matrix: 'Matrix',
    question: 'The open question',
    matrixNote: 'Can the remap unit catch them? The answer for every combination',
    counterexample: 'The shortest way to break isolation in one combination.',
    toMatrix: 'All combinations',
    firstLesson: 'Begin at the beginning',
    allLessons: 'All lessons',
    allLessonsNote: (n: number): string =>
      `${n} of them, from the first interrupt to the open question`,
    hasLesson: 'There is a lesson about this scenario.',
    startLesson: 'Start the lesson',
    late: 'One moment …',
    lateFailed: 'This part of the page could not be loaded. Is there a connection?',
    search: 'Find',
    noneFound: 'No scenario has all these words.',
  },
  stage: {
    label: 'Picture of the machine',
    host: 'HOST',
    lineStates: { masked: 'masked', waits: 'waits for its mask to go' },
    struck: 'Struck through: masked',
    guest: (name: string): string => `GUEST ${name}`,
    knowsIt: 'knows that it is a VM',
    knowsItNot: 'can’t tell that it is a VM',
    hypervisor: 'HYPERVISOR',
    allocCompose: 'Alloc + Compose',
    translates: 'translates and stores',
    trap: 'Trap',
    hcall: 'hypercall',
    bus: 'Bus',
    specific: 'architecture specific',
    agnostic: 'agnostic',
    layer: (title: string, role: string): string => `${title}: ${role}`,
    piece: ({ written, sub, view, more, states }: PieceWords): string =>
      [
        written,
        sub,
        view === 'guest' ? 'as the guest sees it' : '',
        more > 0 ? `and ${more} more` : '',
        ...states,
      ]
        .filter(Boolean)
        .join('; '),
    mover: (kind: 'flight' | 'draft', text: string, fate: Fate | null): string => {
      const what = kind === 'flight' ? 'message' : 'message in the making';
      return `${what} ${text}${fate ? `: ${fates[fate]}` : ''}`;
    },
    empty: 'not yet',
    refused: (error: string): string => `refused: ${error}`,
    refusal: 'refused: somebody was told no',
    legend: 'Signs',
    roleNotes: {
      alloc: 'Alloc: take a vector or a table entry',
      compose: 'Compose: make the message out of it',
      store: 'Store: put it where the device finds it',
      use: 'Use: send it',
    } satisfies Record<Role, string>,
    asked: 'In quotes: by asking the hypervisor',
    boundary: 'Dashed line: left of it things depend on the architecture',
  },
  time: {
    label: 'Time',
    play: 'Play',
    pause: 'Pause',
    first: 'To the beginning',
    last: 'To the end',
    back: 'Step back',
    forward: 'Step',
    previousVerdict: 'Previous verdict',
    nextVerdict: 'Next verdict',
    previousViolation: 'Previous violation',
    nextViolation: 'Next violation',
    lastWrite: 'Back to the last write here',
    speed: 'Speed',
    times: (speed: number): string => `${speed} ×`,
    scrub: 'Record',
    position: (at: number, of: number): string => `${at} of ${of}`,
    goTo: 'Go to record',
    at: (timeNs: number): string => `t = ${new Intl.NumberFormat('en').format(timeNs)} ns`,
    order: (index: number, tried: number): string => `order ${index + 1} of ${tried} tried`,
    beginning: 'Before the first record. Press Step, or Play.',
    bookmark: 'Bookmark',
    branches: 'Branches',
    main: 'as written',
    without: (rule: string): string => `without ${rule}`,
    turned: (bit: number, seq: number): string => `bit ${bit} of record ${seq} turned over`,
    closeBranch: 'Close this branch',
    compareBranch: (name: string): string => `Compare with: ${name}`,
    limit: 'The run was cut off at its time limit.',
  },
  panels: {
    script: 'Script',
    expect: 'Expected',
    outcome: 'What came of it',
    inspector: 'Inspector',
    transcript: 'Text of the run',
    pass: 'came true',
    fail: 'did not come true',
    isolated: 'isolated',
    notIsolated: 'not isolated',
    works: 'works',
    worksNot: 'does not work',
    step: (n: number): string => `step ${n}`,
    notReached: 'not reached',
    sources: 'Sources',
    pinned: (seq: number): string => `Staying with record ${seq}`,
    follow: 'Follow the current record',
    earlier: (n: number): string => `${n} earlier`,
    later: (n: number): string => `${n} later`,
  },
  why: {
    nothing: 'Nothing has happened yet.',
    chain: 'Because, the latest first',
    notArrived: 'What became of it',
    checks: (passed: number, failed: number): string =>
      failed > 0 ? `${passed} checks passed, ${failed} failed` : `${passed} checks passed`,
    passed: 'passed',
    failed: 'failed',
    off: 'switched off',
    from: (step: string): string => `from ${step}`,
    always: 'so from the start',
    whatIf: 'What if this check were off?',
    whatIfPassed: 'and without it?',
    whatIfFailed: 'That run could not be made.',
    policy: 'Rule of the policy',
    cure: 'Would have been stopped by',
    goTo: (seq: number): string => `record ${seq}`,
    copy: 'Copy as text',
    copied: 'Copied',
    same: 'The same would have happened.',
    other: (was: string, is: string): string => `Not ${was} but ${is}.`,
    open: 'Look at that run',
    compare: 'Compare the two',
  },
  bits: {
    nothing: 'This record is about no message and no table entry.',
    field: 'field',
    value: 'value and meaning',
    messageWords: ['address 31:0', 'address 63:32', 'data'],
    word: (high: number, low: number): string => `bits ${high}:${low}`,
    bit: (bit: number, field: string): string => `bit ${bit}: ${field}`,
    by: 'given by',
    subject: {
      message: 'Message',
      entry: 'Table entry',
      descriptor: 'Posted interrupt descriptor',
      pin: 'Pin of the IO-APIC',
    },
    of: (seq: number): string => `as in record ${seq}`,
    turn: 'Choose a bit to see what would have happened, had it been the other way round.',
    turnBit: (bit: number, field: string): string => `turn over bit ${bit}, ${field}`,
    turnedBit: (bit: number): string => `With bit ${bit} turned over:`,
    turnedTo: ({ step, irq, was, is }: OtherFate): string =>
      `${irq} of step ${step + 1} is ${is ? fates[is] : 'not sent'}, not ${was ? fates[was] : 'not sent'}.`,
    turnedSame: 'every message comes to the same end.',
    turnFailed: 'That bit can’t be turned over.',
    diagram: 'Every bit, highest first',
    problems: 'Worth knowing',
  },
  table: {
    empty: 'Nothing in it now.',
    loading: 'The tables are being written …',
    changed: 'changed by this record',
    was: (text: string): string => `was ${text || 'empty'}`,
    history: 'History of this cell',
    noHistory: 'It never changed.',
    choose: 'Table',
    initial: 'at the start',
    gone: 'row gone',
    same: 'written again, the same',
  },
  keys: {
    play: 'play or pause',
    step: 'step',
    back: 'step back',
    hop: 'over one hop of a message',
    hopBack: 'back over one hop',
    verdict: 'next verdict',
    verdictBack: 'previous verdict',
    violation: 'next violation',
    violationBack: 'previous violation',
    first: 'to the beginning',
    last: 'to the end',
    lastWrite: 'back to the last write of this place',
    goTo: 'go to a record by number',
    why: 'why',
    bits: 'bits',
    tables: 'tables',
    view: 'picture, tglx view, text',
    bookmark: 'set or remove a bookmark',
    nextBookmark: 'next bookmark',
    slower: 'slower',
    faster: 'faster',
    help: 'this list',
    close: 'close what is on top; follow the current record again',
    edit: 'edit the text of the scenario',
    share: 'share and export',
    compare: 'compare with another run, or back to one',
    lessons: 'all lessons',
    reveal: 'in a lesson: show the answer',
  },
  help: {
    title: 'Signs, keys and settings',
    close: 'Close',
    keys: 'Keys',
    signs: 'Signs',
    use: 'Single keys are commands',
    reset: 'Reduced motion is taken from the system: movement becomes a jump and an arrow.',
  },
  problems: {
    title: 'This scenario can’t be read',
    crash: 'The simulator stopped',
    kept: 'The last picture stays below.',
  },
  mail: {
    drawn: 'Drawn as in Thomas Gleixner’s mail of November 2020.',
    told: 'Not drawn in the mail of November 2020: made from its words.',
    label: {
      basic: 'CPU, bridge, bus, device; the boundary goes through the bridge',
      iommu: 'CPU, IOMMU, bridge, bus, device; the boundary goes through the IOMMU',
      trap: 'A guest’s store traps: the hypervisor translates and stores',
      hcall: 'A guest asks the hypervisor for a composed message',
      'no-hcall': 'A guest without a layer to ask: creating the domain fails',
      'hidden-cpuid': 'A guest that can’t know that it is one',
    } satisfies Record<Picture, string>,
    caption: {
      basic: 'The Vector layer allocates and composes, the Bus layer stores, the device uses.',
      iommu: 'The Vector layer allocates, the Remap layer allocates and composes.',
      trap: 'The guest’s view is the basic one; what it stores traps, and is translated.',
      hcall: 'The guest composes by asking, because nobody sees what it stores.',
      'no-hcall':
        'The Bus layer passes on that its storage is queue memory; without a layer to ask, the Vector layer refuses.',
      'hidden-cpuid':
        'To the guest this is bare metal, where the Vector layer can and must handle it. Nobody can tell it otherwise.',
    } satisfies Record<Picture, string>,
  },
  roles,
  fates,
  fateTexts,
  tabs,
  views,
  themes,
  keyUses,
  parts,
  tableNames: tables,
  tableNotes,
  columns,
  shares,
};
