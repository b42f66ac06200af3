import { cautiousPolicy, packCandidates, packDecision, readCandidates, type ClientProfile, type DecisionDue, type LineEvent, type ScoredCandidate } from '@sp/contracts';
import { encodeFrame, maximumFrameBytes } from '@sp/dataflow';
import { CampaignTable, featuresVersion, MerchantTable } from '@sp/features';
import { alwaysOnExperiment, decide, InMemoryEntryStore, PeerTable, PopularityTable, prepareCandidates, unknownMarket, type ClientGroups } from '@sp/offers';
import { expect, it } from 'vitest';
import { decisionReference, DecisionMix } from '../bench/decision-mix';

class Groups extends InMemoryEntryStore<ClientGroups> {
  delete(): void {}
}

const reference = { merchants: new MerchantTable(), campaigns: new CampaignTable(), popularity: new PopularityTable(), peers: new PeerTable(new Groups()), pausedMerchants: new Set<string>(), market: unknownMarket };
for (const event of decisionReference('m1')) {
  if (event.type === 'merchant.registered') reference.merchants.apply(event);
  if (event.type === 'campaign.published') reference.campaigns.apply(event);
}
const due = new DecisionMix('size').take(2_000).filter((event): event is DecisionDue => event.type === 'decision.due');
const funded = { cellOf: () => ({ grantedMinor: 1_000_000_000, reservedMinor: 0, spentMinor: 0 }) };

function scoredOf({ data, subject, timeMs }: DecisionDue): readonly ScoredCandidate[] {
  return prepareCandidates(data, subject, timeMs, reference).map((row, place) => ({ ...row, conversion: (1 + ((place * 7_919 + timeMs) % 9_973)) / 49_999 }));
}

const eventOf = (type: string, subject: string, timeMs: number, data: object): LineEvent => ({ type, id: `${type}-${subject}`, source: 'test', subject, timeMs, data }) as unknown as LineEvent;
const bytesOf = (events: readonly LineEvent[]): number => encodeFrame({ partition: 0, from: 1, to: 1, sequencedAtMs: 0, events }).byteLength;

it('a decision of 64 rows is small, and a frame of as many as there can be stays far below its bound', () => {
  const scored: LineEvent[] = [];
  const made: LineEvent[] = [];
  let longest = 0;
  for (const event of due) {
    const { subject, timeMs, data } = event;
    const moment = { ...data, modelVersion: 'm1', candidates: scoredOf(event) };
    const profile: ClientProfile = { ...data.profile };
    const { record } = decide({ scored: { ...moment, profile }, clientId: subject, timeMs, contact: undefined, campaigns: reference.campaigns, pausedMerchants: new Set(), budget: funded, experiment: alwaysOnExperiment, policy: cautiousPolicy, featuresVersion });
    expect(record.considered).toHaveLength(64);
    longest = Math.max(longest, JSON.stringify(packDecision(record)).length);
    made.push(eventOf('decision.made', subject, timeMs, packDecision(record)));
    scored.push(eventOf('decision.scored', subject, timeMs, { ...moment, candidates: packCandidates(moment.candidates) }));
    expect(readCandidates(packCandidates(moment.candidates))).toEqual(moment.candidates);
  }
  expect(longest).toBeLessThan(9_000);
  // 256 events of an ingest frame, each leading to a decision, and 200 wakes in the feature store; 200 more in the recommender.
  const times = (events: readonly LineEvent[], count: number): LineEvent[] => Array.from({ length: count }, (_, place) => events[place % events.length]!);
  expect(bytesOf(times(scored, 456))).toBeLessThan(maximumFrameBytes / 3);
  expect(bytesOf(times(made, 656))).toBeLessThan(maximumFrameBytes / 2);
});
