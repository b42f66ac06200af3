import type { CampaignOverview, CampaignState } from '@sp/contracts';
import { useState } from 'react';
import { postJson } from '../live/post-json';
import { formatMoney } from '../words/money';
import { formatCount, formatPercent } from '../words/numbers';

interface CampaignRowProps {
  readonly campaign: CampaignOverview;
  /** Who acts here. */
  readonly by: string;
  /** Event time. */
  readonly nowMs: number;
  readonly onChange: (campaign: CampaignState) => void;
  readonly onSaid: (sentence: string) => void;
}

export function CampaignRow({ campaign, by, nowMs, onChange, onSaid }: CampaignRowProps) {
  const { campaignId, merchantId, offers, redeemed, published } = campaign;
  return (
    <tr>
      <th scope="row" className="font-normal">
        {campaignId}
        <span className="label block">{merchantId}</span>
      </th>
      <td>{published ? <State campaign={published} nowMs={nowMs} /> : <span className="text-quiet">not known</span>}</td>
      <td>{published?.objective}</td>
      <td className="text-right">{published && formatMoney(published.budgetMinor, published.currency)}</td>
      <td className="min-w-40">{published && <Used campaign={published} nowMs={nowMs} />}</td>
      <td className="text-right">{formatCount(offers)}</td>
      <td className="text-right">{formatCount(redeemed)}</td>
      <td className="text-right whitespace-nowrap">{published && <Actions campaign={published} by={by} onChange={onChange} onSaid={onSaid} />}</td>
    </tr>
  );
}

function State({ campaign: { paused, startsAt, endsAt }, nowMs }: { readonly campaign: CampaignState; readonly nowMs: number }) {
  if (paused) return <span className="pill" data-tone="warn">Paused</span>;
  if (nowMs < Date.parse(startsAt)) return <span className="pill">Planned</span>;
  return nowMs < Date.parse(endsAt) ? <span className="pill" data-tone="good">Running</span> : <span className="pill">Over</span>;
}

/** Used against the budget, beside the time that is over. */
function Used({ campaign: { budgetMinor, reservedMinor, spentMinor, startsAt, endsAt, currency }, nowMs }: { readonly campaign: CampaignState; readonly nowMs: number }) {
  const share = (minor: number): number => (budgetMinor > 0 ? Math.min(1, minor / budgetMinor) : 0);
  const elapsed = Math.min(1, Math.max(0, (nowMs - Date.parse(startsAt)) / (Date.parse(endsAt) - Date.parse(startsAt))));
  const width = (part: number): { readonly width: string } => ({ width: `${100 * part}%` });
  return (
    <>
      <div aria-hidden="true" className="relative h-2 overflow-hidden rounded bg-track">
        <div className="absolute inset-y-0 bg-accent opacity-40" style={width(share(spentMinor + reservedMinor))} />
        <div className="absolute inset-y-0 bg-accent" style={width(share(spentMinor))} />
        <div className="absolute inset-y-0 w-0.5 bg-ink" style={{ left: `${100 * elapsed}%` }} />
      </div>
      <span className="label">{formatMoney(spentMinor, currency)} spent, {formatMoney(reservedMinor, currency)} reserved; {formatPercent(elapsed)} of the time</span>
    </>
  );
}

function Actions({ campaign, by, onChange, onSaid }: { readonly campaign: CampaignState } & Pick<CampaignRowProps, 'by' | 'onChange' | 'onSaid'>) {
  const [busy, setBusy] = useState(false);
  const act = campaign.paused ? 'resume' : 'pause';
  const toggle = async (): Promise<void> => {
    if (by === '') return onSaid('Say your name first: the change bears it.');
    setBusy(true);
    const { problem } = await postJson(`v1/campaigns/${encodeURIComponent(campaign.campaignId)}/${act}`, { by });
    setBusy(false);
    onSaid(problem ?? `${campaign.campaignId}: ${act} is asked for.`);
  };
  return (
    <span className="flex justify-end gap-2">
      <button type="button" className="button" onClick={() => onChange(campaign)} aria-label={`Change ${campaign.campaignId}`}>Change</button>
      <button type="button" className="button" disabled={busy} onClick={() => void toggle()} aria-label={`${campaign.paused ? 'Resume' : 'Pause'} ${campaign.campaignId}`}>
        {campaign.paused ? 'Resume' : 'Pause'}
      </button>
    </span>
  );
}
