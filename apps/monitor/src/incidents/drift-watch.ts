import type { ClickHouseClient } from '@sp/clickhouse';
import { featureNames } from '@sp/features';
import { metrics } from '@sp/platform';
import { binEdges, calibrationDefaults, calibrationDrift, ConversionClock, conversionsSoFar, countInBins, driftDefaults, driftOf, type RunningOffer } from '@sp/monitoring';
import { decidedClients, firstDecisionMs, keepDriftChecks, scoredOffers, type DecidedClient, type DriftCheck, type ScoredOffer } from './drift.query';
import type { Ruling } from './rule-signal';
import { dayMs } from './signal-families';

/** What is judged each day is the week before it, beside the week before that: so every weekday is in both. */
const windowMs = 7 * dayMs;
/** A line that has just begun knows its clients better every day: before this its features are not compared. */
const settledMs = 28 * dayMs;
/** From this index on somebody is told (the usual threshold for action); what is merely certain is a row. */
const tellingIndex = 0.25;
/** Calibration looks so far back for what is usual. */
const pastMs = 28 * dayMs;

/** Once for each day of event time: have features, scores and calibration drifted? Every answer is a row of `drift_checks`. */
export class DriftWatch {
  private firstMs: number | undefined;

  constructor(private readonly client: ClickHouseClient) {}

  async judge(endMs: number): Promise<Ruling[]> {
    this.firstMs ??= await firstDecisionMs(this.client);
    if (this.firstMs === undefined || endMs - 2 * windowMs < this.firstMs) return [];
    const isSettled = endMs - 2 * windowMs >= this.firstMs + settledMs;
    const [now, past] = isSettled ? await Promise.all([decidedClients(this.client, endMs - windowMs, endMs), decidedClients(this.client, endMs - 2 * windowMs, endMs - windowMs)]) : [[], []];
    const offers = await scoredOffers(this.client, endMs - pastMs - windowMs, endMs);
    const checks = [...(isSettled ? featureChecks(past, now) : []), ...scoreChecks(offers, endMs), ...calibrationChecks(offers, endMs)];
    await keepDriftChecks(this.client, endMs, checks);
    tellMetrics(checks);
    return rulings(checks, endMs);
  }
}

function featureChecks(past: readonly DecidedClient[], now: readonly DecidedClient[]): DriftCheck[] {
  return featureNames.map((name, place) => {
    const valuesOf = (rows: readonly DecidedClient[]): number[] => rows.map(({ features }) => features[place] ?? NaN);
    return distributionCheck({ what: 'feature', name, modelVersion: '', segment: '' }, valuesOf(past), valuesOf(now), featureNames.length);
  });
}

/** By model version and the bank's own segment, each beside the same a week before. */
function scoreChecks(offers: readonly ScoredOffer[], endMs: number): DriftCheck[] {
  const groups = grouped(offers.filter(({ issuedMs }) => issuedMs >= endMs - 2 * windowMs));
  return groups.map(({ modelVersion, segment, offers: own }) => {
    const scores = (from: number, to: number): number[] => own.filter(({ issuedMs }) => issuedMs >= from && issuedMs < to).map(({ probability }) => probability);
    return distributionCheck({ what: 'score', name: 'conversion', modelVersion, segment }, scores(endMs - 2 * windowMs, endMs - windowMs), scores(endMs - windowMs, endMs), groups.length);
  });
}

function distributionCheck(about: Pick<DriftCheck, 'what' | 'name' | 'modelVersion' | 'segment'>, past: readonly number[], now: readonly number[], tests: number): DriftCheck {
  const edges = binEdges(past);
  const { rows, index, shiftZ, pValue, drifted } = driftOf(countInBins(edges, past), countInBins(edges, now), { ...driftDefaults, tests });
  return { ...about, rows, referenceRows: past.length, stabilityIndex: index, shiftZ, pValue, expected: 0, observed: 0, drifted };
}

/** Conversions of the last week's offers that have come by now against those that the model expects by now; the clock is that of all offers. */
function calibrationChecks(offers: readonly ScoredOffer[], endMs: number): DriftCheck[] {
  const running = ({ probability, issuedMs, convertedMs }: ScoredOffer, atMs: number): RunningOffer => ({ probability, ageMs: atMs - issuedMs, ...(convertedMs !== null && convertedMs <= atMs && { delayMs: convertedMs - issuedMs }) });
  const clock = new ConversionClock(offers.map((offer) => running(offer, endMs)));
  const groups = grouped(offers);
  return groups.map(({ modelVersion, segment, offers: own }) => {
    const now = conversionsSoFar(own.filter(({ issuedMs }) => issuedMs >= endMs - windowMs).map((offer) => running(offer, endMs)), clock);
    const past = conversionsSoFar(own.filter(({ issuedMs }) => issuedMs < endMs - windowMs).map((offer) => running(offer, endMs)), clock);
    const { z, drifted, ratio, usual } = calibrationDrift(now, past, { ...calibrationDefaults, tests: groups.length });
    return { what: 'calibration', name: 'conversion', modelVersion, segment, rows: now.offers, referenceRows: past.offers, stabilityIndex: ratio / usual, shiftZ: z, pValue: 0, expected: now.expected * usual, observed: now.observed, drifted };
  });
}

/** By version and segment, and by version alone. */
function grouped(offers: readonly ScoredOffer[]): { modelVersion: string; segment: string; offers: ScoredOffer[] }[] {
  const groups = new Map<string, { modelVersion: string; segment: string; offers: ScoredOffer[] }>();
  for (const offer of offers) {
    for (const segment of ['', offer.segment]) {
      const key = `${offer.modelVersion} ${segment}`;
      const group = groups.get(key) ?? { modelVersion: offer.modelVersion, segment, offers: [] };
      groups.set(key, group);
      if (group.offers.at(-1) !== offer) group.offers.push(offer);
    }
  }
  return [...groups.values()];
}

function tellMetrics(checks: readonly DriftCheck[]): void {
  for (const what of ['feature', 'score', 'calibration']) metrics.driftedDistributions.set({ what }, checks.filter((check) => check.what === what && check.drifted).length);
  for (const { what, name, modelVersion: model, segment, stabilityIndex, expected, observed } of checks) {
    metrics.driftIndex.set({ what, name, model, segment }, stabilityIndex);
    if (what !== 'calibration') continue;
    metrics.conversionsExpected.set({ model, segment }, expected);
    metrics.conversionsObserved.set({ model, segment }, observed);
  }
}

function rulings(checks: readonly DriftCheck[], atMs: number): Ruling[] {
  return checks.map(({ what, name, modelVersion, segment, stabilityIndex, shiftZ, drifted, expected, observed }) => {
    const isCalibration = what === 'calibration';
    const about = [what, name, modelVersion, segment].filter((part) => part !== '').join(':');
    return {
      signal: `drift:${about}`, group: 'drift', atMs, isStrange: drifted && (isCalibration || stabilityIndex >= tellingIndex), direction: shiftZ < 0 ? 'low' : 'high',
      count: isCalibration ? observed : stabilityIndex, expected: isCalibration ? expected : 0,
    };
  });
}
