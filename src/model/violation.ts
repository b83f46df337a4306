import type { Source } from './program.ts';
import type { RuleName, Severity } from './rules.ts';

/** Something that must not happen, with everything needed to understand it. */
export interface Violation {
  readonly rule: RuleName;
  /** Further rules that hold of the same event. */
  readonly also: readonly RuleName[];
  readonly severity: Severity;
  /** The step whose raise or send set it off; -1 for none. */
  readonly step: number;
  /** That step as written, and where; null for none. */
  readonly at: StepPlace | null;
  /** Device that sent, as named in the scenario; empty where none did. */
  readonly source: string;
  /** Owner of the source, and whoever was hit. */
  readonly culprit: string;
  readonly victim: string;
  readonly effect: Effect | null;
  /** One sentence a person understands. */
  readonly sentence: string;
  /** What led there, oldest first. */
  readonly evidence: readonly PlacedEvidence[];
}

/** A step of the script, as a report names it. */
export interface StepPlace extends Source {
  /** The step’s label; empty for none. */
  readonly label: string;
  /** Realm whose software acted. */
  readonly by: string;
  readonly text: string;
}

/** What a CPU gets to see of an interrupt. */
export interface Effect {
  readonly target: string;
  readonly vector: number;
  readonly mode: string;
}

/** One link of the chain that led to a violation. */
export interface Evidence {
  readonly kind:
    | 'software'
    | 'store'
    | 'emit'
    | 'bridge'
    | 'ir'
    | 'effect'
    | 'policy'
    | 'counterfactual';
  /** Record of the trace; -1 where the link is not a record. */
  readonly seq: number;
  /** Step of the script it belongs to; -1 for none. */
  readonly step: number;
  readonly text: string;
}

/** A link, and where the file has what it is about; null where it says nothing of it. */
export interface PlacedEvidence extends Evidence {
  readonly at: Source | null;
}

/** A violation before its evidence is gathered. */
export interface Finding {
  readonly rule: RuleName;
  readonly also: readonly RuleName[];
  /** Record at which it shows. */
  readonly seq: number;
  readonly source: string;
  readonly culprit: string;
  readonly victim: string;
  readonly effect: Effect | null;
  /** The line of the policy that forbids it; empty where none is needed. */
  readonly policy: string;
  /** What of the policy decided: the modes it lists, a grant or denial by name, or ownership. */
  readonly decidedBy: Decider | null;
  readonly sentence: string;
}

export type Decider = 'modes' | 'grants' | 'owner';
