import type { ArmPolicy, DecisionDetail, DecisionSummary, ExperimentDetail, ExperimentMetricName, Experiments, Figure, LiftPoint, MetricComparison, Overview } from '@sp/contracts';

/** Answers in monitor's form, for developing the page and for its own tests; the whole line is tested elsewhere. */
const newestEventMs = Date.UTC(2026, 2, 12, 14, 3, 20);

export function recordedOverview(atMs: number, rates: Overview['rates']): Overview {
  return {
    atMs,
    freshness: { state: 'current', asOfMs: atMs - 900 },
    newestEventMs,
    eventsPerSecond: 1240,
    rates,
    stages: [
      { stage: 'ingest', reachable: true, lagSeconds: 0.004, eventsPerSecond: 1238 },
      { stage: 'feature-store', reachable: true, lagSeconds: 0.012, eventsPerSecond: 1236 },
      { stage: 'scorer', reachable: true, lagSeconds: 0.031, eventsPerSecond: 1231 },
      { stage: 'recommender', reachable: true, lagSeconds: 0.038, eventsPerSecond: 1231 },
      { stage: 'feedback-loop', reachable: false },
    ],
    offersByScenario: [{ scenario: 'event', offers: 8123 }, { scenario: 'forecast', offers: 12_450 }, { scenario: 'timer', offers: 2044 }],
    decisionsByOutcome: [
      { outcome: 'offer', reason: 'chosen', decisions: 22_617 },
      { outcome: 'ghost', reason: 'chosen', decisions: 2510 },
      { outcome: 'none', reason: 'no-positive-value', decisions: 9040 },
      { outcome: 'none', reason: 'weekly-cap', decisions: 31_204 },
      { outcome: 'none', reason: 'quiet-hours', decisions: 4410 },
    ],
  };
}

export function recordedExperiments(atMs: number): Experiments {
  const arm = (policy: ArmPolicy, clients: number, spend: number) => ({ arm: policy, clients, exposedClients: Math.round(clients * 0.81), offers: clients * 3, spendPerClientMinor: figure(spend, 420, clients) });
  return {
    freshness: { state: 'current', asOfMs: atMs },
    declared: [],
    experiments: [
      {
        experimentId: 'always-on', epoch: 1, control: 'holdout', deciding: 'spend', currency: 'EUR', startedMs: Date.UTC(2026, 0, 5), untilMs: newestEventMs, alpha: 0.05, split: { state: 'as-asked', p: 0.412 },
        arms: [
          { ...arm('holdout', 2004, 84_310), redemption: figure(0.038, 0.007, 6012) },
          { ...arm('random', 1980, 84_950), acceptance: figure(0.081, 0.011, 3960), redemption: figure(0.043, 0.008, 3960), lift: figure(0.0076, 0.021, 1980), verdict: 'not-distinguishable' },
          { ...arm('rules', 3985, 86_400), acceptance: figure(0.117, 0.009, 7970), redemption: figure(0.066, 0.007, 7970), lift: figure(0.0248, 0.0235, 3985), verdict: 'higher' },
          { ...arm('model', 12_031, 89_120), acceptance: figure(0.164, 0.006, 24_062), redemption: figure(0.102, 0.005, 24_062), lift: figure(0.057, 0.017, 12_031), verdict: 'higher' },
        ],
      },
    ],
  };
}

export function recordedExperiment(atMs: number): ExperimentDetail | undefined {
  const { freshness, experiments: [experiment] } = recordedExperiments(atMs);
  if (!experiment) return undefined;
  const arms = experiment.arms.map(({ arm, clients }, index) => ({ arm, clients, index }));
  const metric = (name: ExperimentMetricName, mean: number): MetricComparison[] => arms.map(({ arm, clients, index }) => ({
    metric: name, arm, mean: figure(mean * (1 + 0.02 * index), mean * 0.01, clients), difference: figure(mean * 0.02 * index, mean * 0.012, clients), alwaysValid: figure(mean * 0.02 * index, mean * 0.02, clients),
    relative: figure(0.02 * index, 0.012, clients), ...(index > 0 && { p: 0.02 / index, adjustedP: 0.2 / index, chanceAbove: 0.9 + 0.03 * index }),
  }));
  const points = (days: number, effect: number): LiftPoint[] => Array.from({ length: days }, (_, day) => ({ day: day + 1, clients: 14_000, difference: effect * (day + 1), low: effect * (day + 1) - 900 - 40 * day, high: effect * (day + 1) + 900 + 40 * day }));
  return {
    experiment, freshness, comparisons: 21, segmentComparisons: 6, nextStep: 'decide-higher',
    metrics: [...metric('spend', 84_310), ...metric('spend-capped', 80_120), ...metric('frequency', 14.2), ...metric('average-check', 5930), ...metric('margin', 790), ...metric('active-weeks', 6.1), ...metric('opt-outs', 0.011)],
    traffic: arms.map(({ arm, clients }) => ({ dayMs: Date.UTC(2026, 2, 12), arm, clients: Math.round(clients / 60) })),
    series: arms.filter(({ arm }) => arm !== 'holdout').map(({ arm, index }) => ({ arm, sinceStart: points(28, 25 * index), sinceExposure: points(14, 60 * index), groupSequential: { direction: index > 1 ? 'higher' : 'none', z: 1.1 * index, bound: 2.3, ...(index > 1 && { crossedOnDay: 19 }) } })),
    segments: ['mass', 'premium'].flatMap((segment) => arms.filter(({ arm }) => arm !== 'holdout').map(({ arm, clients, index }) => ({ segment, arm, clients: Math.round(clients / 2), difference: figure(900 * index, 1400, clients), p: 0.3 / index, adjustedP: 0.9 / index }))),
    health: { splitP: 0.412, splitSequentialP: 1, splitBroken: false, inSeveralArms: 0, severalArmsTooMany: false, biasBeforeP: 0.62, biasedBefore: false, varianceReduction: 0.41, guardrails: [{ metric: 'opt-outs', arm: 'model', tolerance: 0, state: 'open' }], findable: { minor: 1480, share: 0.0175, medianDays: 19, daysToPower: 26 }, detectableMinor: 1240, detectableShare: 0.0147, horizonDays: 28, daysSoFar: 19.4 },
  };
}

function figure(value: number, half: number, n: number): Figure {
  return { known: true, value, low: value - half, high: value + half, n };
}

export const recordedDecisions: readonly DecisionSummary[] = Array.from({ length: 12 }, (_, index) => ({
  decisionId: `d-${index}`,
  clientId: `c-${4100 + index * 37}`,
  timeMs: newestEventMs - index * 1700,
  scenario: index % 3 === 0 ? 'forecast' : 'event',
  trigger: ['own-rhythm', 'after-purchase', 'near-merchant'][index % 3] ?? '',
  arm: index === 4 ? 'holdout' : 'model',
  outcome: index === 4 ? 'ghost' : index % 4 === 2 ? 'none' : 'offer',
  reason: index % 4 === 2 ? 'weekly-cap' : 'chosen',
  ...(index % 4 === 2 ? {} : { merchantId: `m-${100 + index}`, campaignId: `k-${index}`, terms: { discountPercent: 10, validityDays: 7, minimumCheckMinor: 1500 } }),
}));

const recordedPair = { objective: 'spend', currency: 'EUR', marginPercent: 30, expectedCheckMinor: 2400, usualCheckMinor: 2400, knownMerchant: false, baseline: 0, shadowPrice: 0 } as const;

export const recordedDecision: DecisionDetail = {
  decisionId: 'd-0', clientId: 'c-4100', timeMs: newestEventMs, scenario: 'forecast', trigger: 'own-rhythm', triggerEventId: 'tick-88', experimentId: 'always-on', epoch: 1, salt: 's1', arm: 'model',
  outcome: 'offer', reason: 'chosen', propensity: 0.93, exploration: false, valueMinor: 148, features: [0.12, 3, 14, 0.5, 1, 0, 2250, 0.0312],
  versions: { model: 'redemption-3f9a01c2', features: 'f1', policy: 'p1' },
  offer: {
    offerId: 'o-1', decisionId: 'd-0', clientId: 'c-4100', merchantId: 'm-100', campaignId: 'k-0', terms: { discountPercent: 10, validityDays: 7, minimumCheckMinor: 1500 }, currency: 'EUR',
    scenario: 'forecast', validUntil: '2026-03-19T14:03:20Z', arm: 'model',
  },
  considered: [
    { ...recordedPair, propensity: 0.93, campaignId: 'k-0', merchantId: 'm-100', terms: { discountPercent: 10, validityDays: 7, minimumCheckMinor: 1500 }, retrievedBy: 'forecast-category', conversion: 0.181, valueMinor: 148 },
    { ...recordedPair, propensity: 0, campaignId: 'k-7', merchantId: 'm-107', terms: { discountPercent: 15, validityDays: 3, minimumCheckMinor: 0 }, retrievedBy: 'similar-clients', conversion: 0.142, valueMinor: 96, removedBy: 'lost-on-value' },
    { ...recordedPair, propensity: 0, campaignId: 'k-9', merchantId: 'm-109', terms: { discountPercent: 5, validityDays: 14, minimumCheckMinor: 2000 }, retrievedBy: 'nearby', conversion: 0.22, valueMinor: 201, removedBy: 'live-offer-exists' },
    { ...recordedPair, propensity: 0, campaignId: 'k-3', merchantId: 'm-103', terms: { discountPercent: 20, validityDays: 7, minimumCheckMinor: 0 }, retrievedBy: 'popular', conversion: 0.09, valueMinor: -31, removedBy: 'value-not-positive' },
  ],
};
