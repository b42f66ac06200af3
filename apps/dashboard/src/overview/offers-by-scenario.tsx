import type { Overview } from '@sp/contracts';
import { Card } from '../parts/card';
import { ShareBars } from '../parts/share-bars';
import { scenarioWords } from '../words/decisions';

const order = ['forecast', 'event', 'timer'] as const;

export function OffersByScenario({ counts }: { readonly counts: Overview['offersByScenario'] }) {
  const shares = order.map((scenario) => ({
    key: scenario,
    label: scenarioWords[scenario],
    detail: scenario,
    count: counts.find((row) => row.scenario === scenario)?.offers ?? 0,
  }));
  return (
    <Card title="Offers by scenario" note="What made us speak to the client">
      <ShareBars shares={shares} />
    </Card>
  );
}
