import type { LineEvent, LineEventOf } from '@sp/contracts';
import type { KeyedState } from './keyed-state';
import { StateTable } from './state-table';

const sharedTypes = ['merchant.registered', 'campaign.published', 'rate.published', 'campaign.paused', 'merchant.paused', 'policy.published', 'experiment.published', 'model.activated', 'model.frozen', 'split.changed'] as const;

export type SharedFact = LineEventOf<(typeof sharedTypes)[number]>;

const types: ReadonlySet<string> = new Set(sharedTypes);

export const sharedKind = { kind: 'shared', version: 1 };

/** Where the newest fact of a type and subject is kept. */
export const sharedId = (type: SharedFact['type'], subject: string): string => `${type}:${subject}`;

export function isSharedFact(event: LineEvent): event is SharedFact {
  return types.has(event.type);
}

/** What the control log brings: true whenever it comes, so never late. */
export function isControlFact(event: LineEvent): boolean {
  return event.type === 'table.merged' || isSharedFact(event);
}

/**
 * Facts that concern everybody, as they stand in this partition's log: the newest of each type and subject is kept in the state,
 * and `apply` is told each, once at the start for those that are stored and then as they come.
 */
export class SharedFacts {
  readonly #kept: StateTable<SharedFact>;

  constructor(
    state: KeyedState,
    private readonly apply: (fact: SharedFact) => void,
  ) {
    this.#kept = new StateTable(state, sharedKind);
    for (const fact of this.#kept.values()) apply(fact);
  }

  keep(fact: SharedFact): void {
    this.#kept.put(sharedId(fact.type, fact.subject), fact);
    this.apply(fact);
  }
}
