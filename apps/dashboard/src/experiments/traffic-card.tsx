import type { ExperimentDetail } from '@sp/contracts';
import { Card } from '../parts/card';
import { ShareBars } from '../parts/share-bars';
import { armName } from '../words/decisions';
import { formatCount } from '../words/numbers';

/** Clients by arm, all and those of the newest day. */
export function TrafficCard({ detail }: { readonly detail: ExperimentDetail }) {
  const newest = detail.traffic.at(-1)?.dayMs;
  const today = (arm: string): number => detail.traffic.find((row) => row.arm === arm && row.dayMs === newest)?.clients ?? 0;
  return (
    <Card title="Traffic by arm" note="Clients assigned, and the share of each arm">
      <ShareBars shares={detail.experiment.arms.map(({ arm, clients }) => ({ key: arm, label: armName(arm), detail: `${formatCount(today(arm))} on the newest day`, count: clients }))} />
    </Card>
  );
}
