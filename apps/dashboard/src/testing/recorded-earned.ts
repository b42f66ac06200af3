import type { AutomaticChanges, Earned, Figure, IncrementalGrouping, IncrementalRow, PolicyFigures } from '@sp/contracts';

/** Answers in monitor's form, for developing the pages and for their own tests. */
const atMs = Date.UTC(2026, 2, 12, 14, 3, 20);

function figure(value: number, half: number, n: number): Figure {
  return { known: true, value, low: value - half, high: value + half, n };
}

export function recordedEarned(nowMs: number): Earned {
  const policy = (name: string, value: number, offeredShare: number): PolicyFigures => ({ policy: name, moments: 3_812, offeredShare, doublyRobust: figure(value, 14, 3_812), selfNormalised: figure(value * 0.96, 17, 3_812), inversePropensity: figure(value * 1.05, 19, 3_812), effectiveRows: 610, clippedShare: 0.002 });
  const row = (grouping: IncrementalGrouping, group: string, offers: number, anOffer: number, aGhost: number): IncrementalRow => ({
    grouping, group, offers, ghosts: Math.round(offers / 3), rewardAnOfferMinor: figure(anOffer, 12, offers), rewardAGhostMinor: figure(aGhost, 15, Math.round(offers / 3)), incrementalMinor: figure(anOffer - aGhost, 19, offers), incrementalPurchases: figure(0.021, 0.012, offers), p: 0.01, adjustedP: 0.08,
  });
  return {
    freshness: { state: 'current', asOfMs: nowMs }, currency: 'EUR',
    offPolicy: { moments: 3_812, earnedAMomentMinor: 41.2, maximumWeight: 50, policies: [policy('model', 118.4, 0.83), policy('rules', 61.3, 1), policy('random', 41.2, 1), policy('only k0012r1', 22.9, 0.3)] },
    incremental: [row('all', '', 9_120, 96, 51), row('objective', 'spend', 5_010, 104, 49), row('objective', 'new-merchant', 2_010, 12, 0), row('segment', 'student', 1_800, 44, 38), { ...row('campaign', 'k0012r1', 310, 70, 0), ghosts: 0, rewardAGhostMinor: { known: false, reason: 'too-few-observations', n: 0 }, incrementalMinor: { known: false, reason: 'too-few-observations', n: 0 } }],
  };
}

export function recordedChanges(undoneBy: string): AutomaticChanges {
  return {
    policy: { version: undoneBy === '' ? 'regulated-2026-03-12T1400-22' : 'by-hand-2026-03-12T140500', explorationShare: undoneBy === '' ? 0.22 : 0.1, isRegulated: undoneBy === '' },
    bounds: { lowestShare: 0.05, usualShare: 0.1, highestShare: 0.25, retrainFrom: 4 },
    changes: [
      { changeId: 'x-2', atMs, kind: 'exploration', before: '0.1', after: '0.22', reason: '31 campaigns 4.8 times as far from predictions as by chance: exploration 0.1 to 0.22', undoneBy },
      { changeId: 'x-1', atMs, kind: 'training', before: '', after: '', reason: 'redemptions of 31 campaigns are 4.8 times as far from their predictions as chance brings', undoneBy: '' },
    ],
  };
}
