import type { ControlChange } from '@sp/contracts';
import { useAnswer } from '../live/use-answer';
import { Card } from '../parts/card';
import { formatInstant } from '../words/time';

const everyMs = 3000;

/** Who changed a campaign, a pause, the policy or the model. */
export function ChangesCard() {
  const { data, problem } = useAnswer<readonly ControlChange[]>('v1/changes?limit=30', everyMs);
  return (
    <Card title="Changes" note="Who changed what, as it stands in the control log; the newest first, in event time">
      <ol className="px-5 pb-4 grid gap-1">
        {data?.map((change) => (
          <li key={`${change.timeMs} ${change.type} ${change.about}`} className="flex flex-wrap gap-x-4">
            <time className="label">{formatInstant(change.timeMs)}</time>
            <span>{changeWords(change)}</span>
          </li>
        ))}
      </ol>
      <p className="px-5 pb-4 text-quiet empty:hidden">{problem ?? (data?.length === 0 ? 'Nobody has changed anything yet.' : '')}</p>
    </Card>
  );
}

export function changeWords({ type, about, by, data }: ControlChange): string {
  const paused = data['paused'] === true ? 'paused' : 'let run again';
  if (type === 'campaign.paused') return `${by} ${paused} ${about}`;
  if (type === 'merchant.paused') return `${by} ${paused} all offers of ${about}`;
  if (type === 'policy.published') return `${by} published the policy ${String((data['policy'] as { readonly version?: string } | undefined)?.version ?? '')}`;
  if (type === 'model.activated') return `${by} let the model ${String(data['version'])} score`;
  return `${by} published ${about}`;
}
