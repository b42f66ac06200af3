import type { ArmTruth } from './world/truth';
import type { World } from './world/world';

/** The truth that only the bank's own world knows, for people to compare with what the system found. */
export interface TruthReport {
  readonly simulatedDays: number;
  readonly simulatedUntil: string;
  readonly clients: number;
  /** Our card's share of all spending, over everybody: the services see the numerator alone. */
  readonly shareOfWallet: WalletReport;
  /** The same over the clients whose latest offer came from this arm; `none` had no offer yet, the holdout among them. */
  readonly shareOfWalletByArm: Readonly<Record<string, WalletReport>>;
  readonly offersByArm: Readonly<Record<string, ArmReport>>;
  readonly unanswerableOffers: number;
  readonly planted: World['truth']['planted'];
  /** Each client's share, 0..1, for those who have spent at all. */
  readonly shareOfWalletByClient: Readonly<Record<string, number>>;
}

export interface WalletReport {
  readonly clients: number;
  readonly ourSpendMinor: number;
  readonly totalSpendMinor: number;
  readonly share: number;
}

export interface ArmReport extends Omit<ArmTruth, 'trueProbability' | 'bestProbability'> {
  readonly redemptionRate: number;
  /** True probability of redemption, mean of the offers made, and of the best that was possible each time. */
  readonly meanTrueProbability: number;
  readonly meanBestProbability: number;
  /** Spend with our card beyond what would have been spent there without the offer. */
  readonly incrementalSpendMinor: number;
  readonly incrementalAfterDiscountMinor: number;
}

export function reportOf(world: World): TruthReport {
  const people = world.people;
  const arms = [...new Set(people.map(({ life }) => life.arm ?? 'none'))].sort();
  return {
    simulatedDays: world.day,
    simulatedUntil: new Date(world.timeMs).toISOString(),
    clients: people.length,
    shareOfWallet: walletOf(people),
    shareOfWalletByArm: Object.fromEntries(arms.map((arm) => [arm, walletOf(people.filter(({ life }) => (life.arm ?? 'none') === arm))])),
    offersByArm: Object.fromEntries(Object.entries(world.truth.arms).map(([arm, truth]) => [arm, armReport(truth)])),
    unanswerableOffers: world.truth.unanswerable,
    planted: world.truth.planted,
    shareOfWalletByClient: Object.fromEntries(
      people.filter(({ life }) => life.totalMinor > 0).map(({ client, life }) => [client.clientId, rounded(life.oursMinor / life.totalMinor)]),
    ),
  };
}

/** For the screen: the report without its long tail. */
export function readableReport({ shareOfWalletByClient: _, ...report }: TruthReport): string {
  return JSON.stringify(report, undefined, 2);
}

function walletOf(people: World['people']): WalletReport {
  const ourSpendMinor = people.reduce((sum, { life }) => sum + life.oursMinor, 0);
  const totalSpendMinor = people.reduce((sum, { life }) => sum + life.totalMinor, 0);
  return { clients: people.length, ourSpendMinor, totalSpendMinor, share: ratio(ourSpendMinor, totalSpendMinor) };
}

function armReport({ trueProbability, bestProbability, ...arm }: ArmTruth): ArmReport {
  const incrementalSpendMinor = arm.spendMinor - arm.counterfactualMinor;
  return {
    ...arm,
    redemptionRate: ratio(arm.redeemed, arm.offers),
    meanTrueProbability: ratio(trueProbability, arm.offers),
    meanBestProbability: ratio(bestProbability, arm.offers),
    incrementalSpendMinor,
    incrementalAfterDiscountMinor: incrementalSpendMinor - arm.discountMinor,
  };
}

function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : rounded(part / whole);
}

function rounded(share: number): number {
  return Math.round(share * 1e4) / 1e4;
}
