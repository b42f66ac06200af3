import { offersAndGhosts, readLoggedMoments, type ClickHouseClient, type GroupSums } from '@sp/clickhouse';
import { incrementalGroupings, type Earned, type Figure, type IncrementalRow, type OffPolicyFigures } from '@sp/contracts';
import { alwaysModel, campaignsOfferedMost, constantCampaign, incrementalByGroup, judgePolicy, maximumWeight, randomPolicy, rulesPolicy, type GroupSide, type OffPolicyValue, type PolicyEstimate } from '@sp/experiments';
import { readPairFeature } from '@sp/offers';

/** A record is some 15 kB: so many are parsed in about half a second, in pieces. `npm run ope` reads more. */
const mostMoments = 4_000;
const shownCampaigns = 3;
const mostCampaigns = 12;

export type CountedEarned = Pick<Earned, 'offPolicy' | 'incremental'>;

/** What other policies would have earned, and what the model's offers earned beyond the holdout's ghosts. */
export async function readEarned(client: ClickHouseClient): Promise<CountedEarned> {
  const offPolicy = offPolicyOf(await readLoggedMoments(client, mostMoments));
  return { ...(offPolicy && { offPolicy }), incremental: incrementalOf(await offersAndGhosts(client, mostCampaigns)) };
}

function offPolicyOf(moments: Awaited<ReturnType<typeof readLoggedMoments>>): OffPolicyFigures | undefined {
  if (moments.length < 2) return undefined;
  const policies = [alwaysModel, rulesPolicy(readPairFeature), randomPolicy, ...campaignsOfferedMost(moments, shownCampaigns).map(constantCampaign)];
  return {
    moments: moments.length, earnedAMomentMinor: moments.reduce((sum, { rewardMinor }) => sum + rewardMinor, 0) / moments.length, maximumWeight,
    policies: policies.flatMap((policy) => judgePolicy(moments, policy) ?? []).map(policyFigures),
  };
}

function policyFigures({ policy, moments, offeredShare, dr, snips, ips }: PolicyEstimate): OffPolicyFigures['policies'][number] {
  const figure = ({ value, low, high }: OffPolicyValue): Figure => ({ known: true, value, low, high, n: moments });
  return { policy, moments, offeredShare, doublyRobust: figure(dr), selfNormalised: figure(snips), inversePropensity: figure(ips), effectiveRows: dr.effectiveRows, clippedShare: dr.clippedShare };
}

/** In the order of the groupings, the largest group first. */
function incrementalOf(rows: readonly GroupSums[]): IncrementalRow[] {
  const groups = rows.filter(({ isGhost }) => !isGhost).map((offers) => ({ offers, ghosts: rows.find(({ grouping, group, isGhost }) => isGhost && grouping === offers.grouping && group === offers.group) }));
  const estimates = incrementalByGroup(groups.map(({ offers, ghosts }) => ({ offers: sideOf(offers), ghosts: ghosts && sideOf(ghosts) })));
  const place = ({ grouping }: IncrementalRow): number => incrementalGroupings.indexOf(grouping);
  return groups
    .flatMap(({ offers: { grouping, group, sumX }, ghosts }, index): IncrementalRow[] => {
      const estimate = estimates[index];
      return estimate ? [{ grouping, group, offers: sumX, ghosts: ghosts?.sumX ?? 0, ...estimate }] : [];
    })
    .sort((a, b) => place(a) - place(b) || b.offers - a.offers);
}

function sideOf({ n, sumX, sumXX, sumY, sumYY, sumXY, sumZ, sumZZ, sumXZ }: GroupSums): GroupSide {
  return { made: sumX, rewards: { n, sumX, sumXX, sumY, sumYY, sumXY }, purchases: { n, sumX, sumXX, sumY: sumZ, sumYY: sumZZ, sumXY: sumXZ } };
}
