/** One scenario with one mistake, and what a person must be told about it. */
export interface SeededMistake {
  readonly name: string;
  /** The wrong place is marked by ▸. Sections that are left out are filled in. */
  readonly text: string;
  readonly code: string;
  /** What the message must say. */
  readonly says: RegExp;
  /** What the hint must offer first; empty where there is nothing to offer. */
  readonly offers: string;
}

/** What every file begins with. */
export const HEAD = `irqscope: 1
name: seeded
title: "a scenario with one mistake"
`;
/** The devices of a file that has none of its own. */
export const DEVICES = `devices:
  nic0: { bdf: "00:03.0", store: msix, vectors: 4 }
`;

/** The whole file a mistake stands for; the mark is still in it. */
export function wholeText({ text }: SeededMistake): string {
  if (text.startsWith('=')) return text.slice(1);
  return `${HEAD}${/^▸?devices:/m.test(text) ? '' : DEVICES}${text}`;
}

/** A guest, and a device that is its own. */
export const GUEST = `guests:
  g1: { vcpus: { v0: p1 } }
`;
export const GUEST_DEVICE = `${GUEST}devices:
  nic0: { bdf: "00:03.0", store: msix, vectors: 4 }
  q1: { bdf: "3b:00.0", store: ims-queue, owner: g1 }
`;
