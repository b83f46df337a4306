import type { Aspect, Likeness, Row } from '../../src/index.ts';
import type { Face } from '../compare/state.ts';

const aspects: Record<Aspect, string> = {
  stacks: 'Layers, from the device up',
  creation: 'Layers that could be made',
  composes: 'Who composes',
  stores: 'Who stores',
  traps: 'Traps',
  hypercalls: 'Hypercalls',
  faults: 'Refused by the unit',
  isolated: 'Isolated',
  works: 'Works',
};

const likenesses: Record<Likeness, string> = {
  bits: 'every bit is',
  outcome: 'who got what is',
  kind: 'what happened is',
};

const signs: Record<Row['kind'], string> = {
  alike: 'the same in both',
  unlike: 'differs',
  alone: 'in one only',
};

const faces: Record<Face, string> = { a: 'A', b: 'B' };

/** Texts of two runs side by side; they are loaded with them. */
export const COMPARE = {
  title: 'Two runs side by side',
  aspects,
  likenesses,
  signs,
  faces,
  named: (face: Face, name: string): string => (name ? `${faces[face]} (${name})` : faces[face]),
  head: (face: Face, name: string): string => (name ? `${faces[face]} · ${name}` : faces[face]),
  like: 'Alike means:',
  likeEnd: 'the same',
  swap: 'Swap',
  leave: 'Back to one run',
  coming: 'The other run is coming …',
  failed: 'The other run could not be made:',
  same: 'From beginning to end the two runs are the same.',
  sameBefore: 'The two runs differ only while the machine is built.',
  parting: 'Where they part:',
  goThere: 'Go there',
  counts: (alike: number, unlike: number, alone: number): string =>
    [
      `Of ${alike + unlike + alone} events ${alike} are the same in both`,
      `${unlike} differ (≠)`,
      `${alone} ${alone === 1 ? 'happens' : 'happen'} in one of them only (◆)`,
    ].join(', '),
  switch: 'Which run is shown',
  alone: (face: Face): string => `Look at ${faces[face]} alone`,
  waits: (other: Face): string => `nothing here while ${faces[other]} goes on`,
  nothingYet: 'not begun',
  summary: 'What is different',
  aspect: 'In what',
  steps: 'What became of each step',
  stepHead: 'Step',
  notSent: 'nothing sent',
  differs: 'differs',
  events: 'Event by event',
  event: 'Event',
  time: 'Time of both runs',
  scrub: 'Moment of both runs',
  previous: 'Previous difference',
  next: 'Next difference',
  position: (at: number, of: number): string => `${at} of ${of}`,
  step: (n: number, text: string): string => `Step ${n}: ${text}`,
  built: 'While the machine is built',
  beginning: 'Before the first event. Press Step, or Play.',
  itself: 'the same run once more',
  asShipped: 'the text as it was before it was changed',
  asWritten: 'as written',
  only: 'the only variant',
  earlier: (n: number): string => `${n} earlier`,
  later: (n: number): string => `${n} later`,
  sheetTitle: 'Compare two designs',
  sheetIntro:
    'The same script on two machines, moment by moment. The page shows where the two part, and in what they differ.',
  sheetPairs: 'Pairs worth a look',
  sheetHow:
    'Any run can be compared: with another variant of its file, or with what would have happened without a check. While you look at it, press Compare.',
  pairs: 'Other pairs',
  forkHint:
    'This file has one variant. Switch a check off under Why, or turn a bit over under Bits, and compare what comes of it.',
};

/** Pairs worth a look: a link to each, what it is, and what to look for. */
export const PAIRS: readonly {
  readonly text: string;
  readonly note: string;
  readonly hash: string;
}[] = [
  {
    text: 'Bare metal, and a remap unit',
    note: 'Who composes the message once there is a unit? And what does the device notice of it?',
    hash: '#1;s=teaching/tglx-bare-metal-ims;c=remapping:none;cmp=!remapping:vtd',
  },
  {
    text: 'Trap, and hypercall',
    note: 'The guest gets an interrupt. In one design it never asks, in the other nobody intercepts.',
    hash: '#1;s=teaching/one-script;c=way:trap,unit:vtd;cmp=!way:hcall,unit:vtd',
  },
  {
    text: 'Source check on, and off',
    note: 'The same forged message. Up to which moment are the two runs the same?',
    hash: '#1;s=teaching/tglx-guest-hcall;c=remap:sound;cmp=!remap:no-source-check;like=outcome',
  },
  {
    text: 'VT-d, and AMD-Vi',
    note: 'Other bits in other places. Does anything else come of it?',
    hash: '#1;s=teaching/one-script;c=way:trap,unit:vtd;cmp=!way:trap,unit:amdvi',
  },
  {
    text: 'A stale entry: broken, and fixed',
    note: 'A freed entry, a cached copy, and one invalidation more.',
    hash: '#1;s=regressions/stale-01-no-invalidation;c=invalidate:forgotten;cmp=!invalidate:done;like=outcome',
  },
  {
    text: 'No source check: broken, and fixed',
    note: 'A guest sends the message of another. One line of the machine decides.',
    hash: '#1;s=regressions/sid-01-no-source-check;c=design:broken;cmp=!design:fixed;like=outcome',
  },
  {
    text: 'A message in two writes: broken, and fixed',
    note: 'The device sends between two writes of one message. What saves the interrupt?',
    hash: '#1;s=regressions/race-02-two-step-update;c=retrigger:forgotten;cmp=!retrigger:done;like=outcome',
  },
];
