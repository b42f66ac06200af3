import type { Overview } from '@sp/contracts';
import { Card } from '../parts/card';
import { ShareBars, type Share } from '../parts/share-bars';
import { outcomeWords, reasonWords, wordsOf } from '../words/decisions';

type Counts = Overview['decisionsByOutcome'];

const rank = { offer: 0, ghost: 1, none: 2 } as const;

export function DecisionsByOutcome({ counts }: { readonly counts: Counts }) {
  const total = counts.filter((row) => row.outcome === 'none').length;
  return (
    <Card title="Decisions" note={total > 0 ? 'Saying nothing is a decision too, with its reason' : 'None yet'}>
      <ShareBars shares={[...counts].sort(byKind).map(toShare)} />
    </Card>
  );
}

function byKind(a: Counts[number], b: Counts[number]): number {
  return rank[a.outcome] - rank[b.outcome] || b.decisions - a.decisions;
}

function toShare({ outcome, reason, decisions }: Counts[number]): Share {
  if (outcome !== 'none') return { key: outcome, label: outcomeWords[outcome], count: decisions };
  return { key: reason, label: outcomeWords.none, detail: reason.replaceAll('-', ' '), hint: wordsOf(reasonWords, reason), count: decisions, emphasis: false };
}
