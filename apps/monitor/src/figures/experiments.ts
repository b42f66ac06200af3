import type { ClickHouseClient } from '@sp/clickhouse';
import type { ArmPolicy, Experiment } from '@sp/contracts';
import { compareArms, type ArmSums, type ComparisonOptions } from '@sp/experiments';
import { alwaysOnExperiment, arms as armOrder } from '@sp/offers';
import { armOffers, type ArmOffers } from './arm-offers.query';
import { armSpend, type ArmSpend } from './arm-spend.query';
import { newestEventMs } from './newest-event.query';

export type ExperimentOptions = Pick<ComparisonOptions, 'alpha' | 'tightestAtClientDays'>;

/** Every running experiment with its arms compared, as far as events have come. */
export async function readExperiments(client: ClickHouseClient, options: ExperimentOptions): Promise<readonly Experiment[]> {
  const untilMs = await newestEventMs(client);
  if (untilMs === undefined) return [];
  const [spends, offers] = await Promise.all([armSpend(client, untilMs), armOffers(client)]);
  const ids = [...new Set(spends.map(({ experimentId }) => experimentId))].sort();
  return ids.map((id) => experimentOf({ spends: spends.filter(({ experimentId }) => experimentId === id), offers: offers.filter(({ experimentId }) => experimentId === id), untilMs, options }));
}

interface Parts {
  readonly spends: readonly ArmSpend[];
  readonly offers: readonly ArmOffers[];
  readonly untilMs: number;
  readonly options: ExperimentOptions;
}

function experimentOf({ spends, offers, untilMs, options }: Parts): Experiment {
  const { experimentId, epoch, currency } = spends[0] ?? { experimentId: '', epoch: 0, currency: '' };
  const sums = armOrder.flatMap((arm) => {
    const spend = spends.find((row) => row.arm === arm);
    return spend ? [sumsOf(arm, spend, offers.find((row) => row.arm === arm))] : [];
  });
  const weights = experimentId === alwaysOnExperiment.experimentId && epoch === alwaysOnExperiment.epoch ? { weights: alwaysOnExperiment.weights } : {};
  const startedMs = Math.min(...spends.map((row) => row.startedMs));
  return { experimentId, epoch, currency, startedMs, untilMs, alpha: options.alpha, ...compareArms(sums, { ...options, ...weights }) };
}

const nobody: Omit<ArmOffers, 'experimentId' | 'arm'> = {
  clients: 0, offers: 0, offersSquared: 0, accepted: 0, acceptedSquared: 0, offersTimesAccepted: 0, redeemed: 0, redeemedSquared: 0, offersTimesRedeemed: 0,
};

function sumsOf(arm: ArmPolicy, spend: ArmSpend, made: Omit<ArmOffers, 'experimentId' | 'arm'> = nobody): ArmSums {
  const offers = { clients: made.clients, trials: made.offers, trialsSquared: made.offersSquared };
  return {
    arm,
    spend: { n: spend.clients, mean: spend.mean, variance: spend.variance ?? 0 },
    clientDays: spend.clientDays,
    accepted: { ...offers, successes: made.accepted, successesSquared: made.acceptedSquared, trialsTimesSuccesses: made.offersTimesAccepted },
    redeemed: { ...offers, successes: made.redeemed, successesSquared: made.redeemedSquared, trialsTimesSuccesses: made.offersTimesRedeemed },
  };
}
