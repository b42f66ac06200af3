import type { DecisionPolicy, DecisionScoredData } from '@sp/contracts';
import { dayMs } from './day-ms';

/** With which probability the model's arm draws evenly here: of a newcomer nothing is known yet, so trying is worth more. */
export function explorationShareOf({ scored, timeMs, policy }: { readonly scored: DecisionScoredData; readonly timeMs: number; readonly policy: DecisionPolicy }): number {
  const { share, newcomerShare, newcomerDays } = policy.exploration;
  const { firstSeenMs } = scored.profile;
  return firstSeenMs !== undefined && timeMs - firstSeenMs < newcomerDays * dayMs ? newcomerShare : share;
}
