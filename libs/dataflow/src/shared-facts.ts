import type { LineEvent, LineEventOf } from '@sp/contracts';
import type { KeyedState } from './keyed-state';

export type SharedFact = LineEventOf<'merchant.registered' | 'campaign.published' | 'rate.published' | 'campaign.paused' | 'model.activated'>;

const types: ReadonlySet<string> = new Set<SharedFact['type']>(['merchant.registered', 'campaign.published', 'rate.published', 'campaign.paused', 'model.activated']);
const prefix = 'shared:';

export function isSharedFact(event: LineEvent): event is SharedFact {
  return types.has(event.type);
}

/**
 * Facts that concern everybody, as they stand in this partition's log: the newest of each type and subject is kept in the state,
 * and `apply` is told each, once at the start for those that are stored and then as they come.
 */
export class SharedFacts {
  constructor(
    private readonly state: KeyedState,
    private readonly apply: (fact: SharedFact) => void,
  ) {
    for (const [, fact] of state.entries<SharedFact>(prefix)) apply(fact);
  }

  keep(fact: SharedFact): void {
    this.state.put(`${prefix}${fact.type}:${fact.subject}`, fact);
    this.apply(fact);
  }
}
