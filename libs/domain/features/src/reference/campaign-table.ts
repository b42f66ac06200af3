import type { BankEventData, LineEventOf } from '@sp/contracts';

export interface Campaign extends BankEventData<'campaign.published'> {
  readonly startsAtMs: number;
  /** The first moment at which it no longer runs. */
  readonly endsAtMs: number;
  readonly paused: boolean;
}

/** Which campaigns run from `fromMs` until just before `untilMs`: no campaign starts or ends between. */
interface LiveSpan {
  readonly fromMs: number;
  readonly untilMs: number;
  readonly live: readonly Campaign[];
  readonly byMerchant: ReadonlyMap<string, readonly Campaign[]>;
}

/**
 * All campaigns as last published. Applying the same events again changes nothing; the last one applied wins.
 * A pause stands on its own: publishing a paused campaign anew does not resume it. Lists are ordered by campaign id.
 */
export class CampaignTable {
  private readonly published = new Map<string, Campaign>();
  private readonly paused = new Set<string>();
  private span: LiveSpan | undefined;

  apply(event: LineEventOf<'campaign.published'> | LineEventOf<'campaign.paused'>): void {
    this.span = undefined;
    if (event.type === 'campaign.paused') this.pause(event.data.campaignId, event.data.paused);
    else this.publish(event.data);
  }

  find(campaignId: string): Campaign | undefined {
    return this.published.get(campaignId);
  }

  all(): readonly Campaign[] {
    return [...this.published.values()].sort((a, b) => (a.campaignId < b.campaignId ? -1 : 1));
  }

  /** Running and not paused; the same array until a campaign starts, ends or changes. */
  liveAt(timeMs: number): readonly Campaign[] {
    return this.spanAt(timeMs).live;
  }

  liveForMerchant(merchantId: string, timeMs: number): readonly Campaign[] {
    return this.spanAt(timeMs).byMerchant.get(merchantId) ?? [];
  }

  private publish(data: BankEventData<'campaign.published'>): void {
    const { campaignId, startsAt, endsAt } = data;
    this.published.set(campaignId, { ...data, startsAtMs: Date.parse(startsAt), endsAtMs: Date.parse(endsAt), paused: this.paused.has(campaignId) });
  }

  private pause(campaignId: string, paused: boolean): void {
    if (paused) this.paused.add(campaignId);
    else this.paused.delete(campaignId);
    const campaign = this.published.get(campaignId);
    if (campaign) this.published.set(campaignId, { ...campaign, paused });
  }

  private spanAt(timeMs: number): LiveSpan {
    if (!this.span || timeMs < this.span.fromMs || timeMs >= this.span.untilMs) this.span = spanAround(this.all(), timeMs);
    return this.span;
  }
}

function spanAround(campaigns: readonly Campaign[], timeMs: number): LiveSpan {
  const edges = campaigns.flatMap(({ startsAtMs, endsAtMs }) => [startsAtMs, endsAtMs]);
  const fromMs = edges.reduce((latest, edge) => (edge <= timeMs ? Math.max(latest, edge) : latest), -Infinity);
  const untilMs = edges.reduce((earliest, edge) => (edge > timeMs ? Math.min(earliest, edge) : earliest), Infinity);
  const live = campaigns.filter((campaign) => !campaign.paused && campaign.startsAtMs <= timeMs && timeMs < campaign.endsAtMs);
  return { fromMs, untilMs, live, byMerchant: groupByMerchant(live) };
}

function groupByMerchant(campaigns: readonly Campaign[]): Map<string, Campaign[]> {
  const byMerchant = new Map<string, Campaign[]>();
  for (const campaign of campaigns) {
    const own = byMerchant.get(campaign.merchantId);
    if (own) own.push(campaign);
    else byMerchant.set(campaign.merchantId, [campaign]);
  }
  return byMerchant;
}
