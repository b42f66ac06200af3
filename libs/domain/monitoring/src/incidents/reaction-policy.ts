import type { Incident, IncidentSignal, ProposedReaction, ReactionPolicy, ReactionRule } from '@sp/contracts';

/**
 * As shipped, everything is proposed to whoever looks, and nothing is done unasked. A bank that trusts a signal makes its rule act: those that
 * stop a loss and cost little to undo come first, offers with a slip of the pen in their terms, a model that has become a constant.
 */
export const cautiousReactions: ReactionPolicy = {
  version: 'cautious-2',
  rules: [
    { signal: 'terms:*', action: 'pause-merchant', target: '{name}', mode: 'propose' },
    { signal: 'model:*', action: 'roll-back-model', target: '', mode: 'propose' },
    { signal: 'model:*', action: 'freeze-model', target: 'redemption', mode: 'propose' },
    { signal: 'drift:calibration:*', action: 'fall-back-to-rules', target: '', mode: 'propose' },
    { signal: 'drift:score:*', action: 'freeze-model', target: 'redemption', mode: 'propose' },
    { signal: 'merchant:*', direction: 'low', action: 'pause-merchant', target: '{name}', mode: 'propose' },
    { signal: 'share:refused', action: 'raise-holdout', target: '0.4', mode: 'propose' },
    { signal: 'share:rejected', action: 'freeze-model', target: 'redemption', mode: 'propose' },
  ],
};

/** What the policy says to an incident, less what was done already, undone or not: a person who took it back is not overruled. */
export function reactionsDue({ signals, reactions }: Pick<Incident, 'signals' | 'reactions'>, { rules }: ReactionPolicy, mode: ReactionRule['mode']): ProposedReaction[] {
  const due = new Map<string, ProposedReaction>();
  for (const signal of signals) {
    for (const rule of rules) {
      if (rule.mode !== mode || !speaksOf(rule, signal)) continue;
      const target = rule.target.replaceAll('{name}', nameOf(signal.signal));
      due.set(`${rule.action} ${target}`, { action: rule.action, target });
    }
  }
  // A reaction without a target of its own is known by what it was asked for.
  return [...due.values()].filter(({ action, target }) => !reactions.some((done) => done.action === action && (target === '' || done.target === target)));
}

function speaksOf({ signal: pattern, direction }: ReactionRule, { signal, direction: seen }: IncidentSignal): boolean {
  const isNamed = pattern.endsWith('*') ? signal.startsWith(pattern.slice(0, -1)) : pattern === signal;
  return isNamed && (direction === undefined || direction === seen);
}

function nameOf(signal: string): string {
  return signal.slice(signal.indexOf(':') + 1);
}
