import type { Look, MatrixCell } from '../../src/index.ts';

/** A word at the head of a row or a column, and what it means. */
interface AxisWords {
  readonly name: string;
  readonly values: Readonly<Record<string, { readonly name: string; readonly text: string }>>;
}

const signs: Record<Look, string> = {
  holds: 'isolated, works: nobody is reached, and what is permitted arrives',
  lost: 'isolated, lost: nobody is reached, but interrupts that are permitted are lost',
  broken: 'broken in n: after so many actions something reaches another; open it and see',
  open: 'nothing found: not everything could be tried',
};

const axes: Readonly<Record<string, AxisWords>> = {
  remap: {
    name: 'remap unit',
    values: {
      none: { name: 'none', text: 'Messages reach the CPUs as they were sent.' },
      vtd: { name: 'VT-d', text: 'It remaps, checks the source, and blocks the old format.' },
      'vtd-nosid': { name: 'VT-d, no source check', text: 'Any device may name any entry.' },
      'vtd-compat': {
        name: 'VT-d, old format passes',
        text: 'A message in compatibility format goes on as it is, unremapped.',
      },
      amdvi: { name: 'AMD-Vi', text: 'Each device has a table of its own.' },
      'amdvi-shared': { name: 'AMD-Vi, one table', text: 'All devices share one table.' },
    },
  },
  storage: {
    name: 'message store',
    values: {
      trapped: { name: 'trapped', text: 'Writes of the guest trap to the hypervisor.' },
      direct: {
        name: 'direct',
        text: 'The guest writes registers of the device, and nobody looks.',
      },
      queue: { name: 'queue memory', text: 'The message lies in memory of the guest.' },
    },
  },
  compose: {
    name: 'composed by',
    values: {
      native: { name: 'the guest', text: 'As on bare metal, and nobody translates.' },
      translate: {
        name: 'the hypervisor',
        text: 'It translates what the guest wrote, at the trap.',
      },
      hcall: { name: 'a hypercall', text: 'The guest asks the hypervisor for its message.' },
    },
  },
  rid: {
    name: 'requester id',
    values: {
      own: { name: 'own', text: 'The device is alone with its requester id.' },
      shared: { name: 'shared', text: 'A device of the victim has the same requester id.' },
    },
  },
  reach: {
    name: 'can write',
    values: {
      store: { name: 'its store', text: 'The guest chooses what is in its message store.' },
      dma: { name: 'anywhere', text: 'The guest can also make its device write where it likes.' },
    },
  },
  delivery: {
    name: 'delivery',
    values: {
      inject: { name: 'injected', text: 'The hypervisor takes interrupts and injects them.' },
      posted: { name: 'posted', text: 'The unit posts them for the virtual CPU.' },
    },
  },
  cache: {
    name: 'entry cache',
    values: {
      never: { name: 'never', text: 'The unit reads the table for every message.' },
      either: { name: 'either', text: 'The unit may use an entry it read before.' },
    },
  },
  wiring: {
    name: 'wiring',
    values: {
      own: { name: 'own', text: 'Each device has a requester id of its own.' },
      aliased: { name: 'one bridge', text: 'Both are behind a bridge that sends under one id.' },
      'bus-range': { name: 'range of buses', text: 'The check is of a range both buses are in.' },
    },
  },
  mistake: {
    name: 'mistake',
    values: {
      none: { name: 'none', text: 'The hypervisor does all it should.' },
      'no-flush': { name: 'no flush', text: 'It does not invalidate the cache of entries.' },
      'no-clear': { name: 'no clear', text: 'It does not clear an entry that is given back.' },
      'no-wait': { name: 'no wait', text: 'It does not wait until an invalidation is done.' },
      'no-caller-check': {
        name: 'no caller check',
        text: 'It does not look whose entry a hypercall is about.',
      },
      'free-before-mask': {
        name: 'no zeros on free',
        text: 'The message stays in the store when the interrupt is given back.',
      },
    },
  },
};

/** What stops messages, in words. */
const ends: Readonly<Record<string, string>> = {
  'not an interrupt': 'an ordinary write: no CPU takes it for an interrupt',
  'the trap: refuse': 'the hypervisor refuses the write',
  'the trap: translate': 'the hypervisor puts a message of its own there',
  'vtd/compat-format': 'the old format is blocked',
  'vtd/index-bounds': 'the table ends before',
  'vtd/present': 'the entry is not present',
  'vtd/source-id': 'the sender is not the one the entry names',
  'amdvi/index-bounds': 'the table ends before',
  'amdvi/pass-bit': 'the device may not pass on such messages',
  'amdvi/remap-enabled': 'that entry of its own table is not enabled',
  'amdvi/smi': 'the unit takes no SMI from a device',
};

type Found = Pick<MatrixCell, 'isolated' | 'works' | 'refused' | 'complete' | 'states' | 'depth'>;

/** Texts of the matrices; they are loaded with them. */
export const MATRIX = {
  title: 'The open question, answered',
  intro:
    'A guest has a device, and writes into its message store whatever it likes. Does anything catch messages that reach others? In each combination every order of honest use, every forged and every replayed message was tried, until nothing new came. Each cell says two things: whether others are safe, and whether what is permitted still arrives.',
  signs,
  notes: {
    'open-question': [
      'Yes, if the unit checks who sends, blocks the old format, and no two owners share a requester id: then it does not matter where the message lies.',
    ],
    'hypervisor-mistakes': ['A design that holds, with one thing done wrong or wired otherwise.'],
  } as Readonly<Record<string, readonly string[]>>,
  tried: 'A cell that is broken opens the shortest way there; one that holds says why.',
  words: 'What the words mean',
  axes,
  ends,
  cell: 'The chosen combination',
  verdict: ({ isolated, works, refused }: Found): string => {
    const first = isolated === null ? 'Nothing found' : isolated ? 'Isolated' : 'Not isolated';
    return `${first}, ${refused ? 'and refused' : works ? 'and it works' : 'but permitted interrupts are lost'}.`;
  },
  counterexample: 'Open the shortest way to break it',
  why: 'What became of each kind of message the guest can make its device send:',
  lostNote:
    'Safe is not yet useful: what this guest composes for itself is stopped as well, so that its own interrupts never arrive.',
  bound: ({ complete, states, depth }: Found): string =>
    complete
      ? `Everything was tried: ${states} states, the furthest ${depth} actions from the start.`
      : `Not everything was tried: ${states} states, up to ${depth} actions from the start.`,
} as const;
