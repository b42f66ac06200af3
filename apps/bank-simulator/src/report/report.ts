import type { AutomaticChange } from '@sp/contracts';
import { weekMs } from '../world/ledger';
import type { Trouble } from '../world/troubles';
import type { ArmTruth, Truth } from '../world/truth';
import type { World } from '../world/world';
import { figuresByArm, type ArmFigures } from './arm-figures';
import type { Calibration } from './calibration';
import type { Estimate } from './estimates';
import { findingsOf, type Alarm, type TroubleFound } from './findings';
import { learningOf, shareOfOracleIn, type Learning, type ModelInForce, type TrainingTold } from './learning';

/** The truth that only the bank's own world knows, for people to compare with what the system found. */
export interface TruthReport {
  readonly world: { readonly kind: string; readonly seed: number; readonly troubles: string };
  readonly simulatedDays: number;
  readonly simulatedUntil: string;
  readonly clients: number;
  /** Our card's share of all spending, over everybody: the services see the numerator alone. */
  readonly shareOfWallet: WalletReport;
  /** Where each client's arm was read: in the offers that he got, or (the holdout too) at the monitor's door. */
  readonly armsFrom: 'offers' | 'monitor';
  readonly arms: readonly ArmFigures[];
  readonly weeks: readonly { readonly week: number; readonly startsAt: string; readonly arms: readonly ArmFigures[]; readonly shareOfOracle: Readonly<Record<string, Estimate>> }[];
  /** What the offers of each arm were worth as a share of the oracle's at the same moments: the whole run, and its last four weeks. */
  readonly shareOfOracle: Readonly<Record<string, { readonly all?: Estimate; readonly lastFourWeeks?: Estimate }>>;
  readonly offersByArm: Readonly<Record<string, ArmReport>>;
  readonly calibration?: Calibration;
  readonly learning?: Learning;
  readonly unanswerableOffers: number;
  readonly population: Pick<Truth, 'left' | 'erasures' | 'consentChanges'>;
  /** The bank's everyday faults. */
  readonly planted: Truth['planted'];
  readonly troubles: readonly TroubleReport[];
  readonly divertedWithTraces: number;
  /** What the system raised while nothing was wrong; absent where it was not asked. */
  readonly falseAlarms?: readonly Alarm[];
}

export interface TroubleReport {
  readonly kind: Trouble['kind'];
  readonly what: string;
  readonly startsAt: string;
  readonly endsAt: string;
  readonly size: number;
  /** Events or offers touched by all troubles of this kind together; absent where nothing is counted. */
  readonly touchedByKind?: number;
  /** By the system's own incidents; absent where it was not asked. */
  readonly found?: TroubleFound;
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

/** Learned outside, by the public doors; without them the arms are those of the offers received. */
export interface Learned {
  /** By client id. */
  readonly arms: ReadonlyMap<string, string>;
  readonly calibration?: Calibration;
  readonly alarms?: readonly Alarm[];
  readonly models?: readonly ModelInForce[];
  readonly trainings?: readonly TrainingTold[];
  readonly changes?: readonly AutomaticChange[];
}

/** The weeks cost as much again for each of them, so they are left out of the report of every day. */
export function reportOf(world: World, { byWeek, learned }: { readonly byWeek: boolean; readonly learned?: Learned }): TruthReport {
  const { truth, ledger, options } = world;
  const members = membersOf(world, learned?.arms);
  const findings = learned?.alarms && findingsOf(world.troubles, learned.alarms);
  const weeks = Array.from({ length: byWeek ? Math.min(ledger.weekCount, wholeWeeks(world)) : 0 }, (_, place) => place);
  return {
    world: { kind: options.world, seed: options.seed, troubles: options.troubles },
    simulatedDays: world.day,
    simulatedUntil: new Date(world.timeMs).toISOString(),
    clients: world.people.length,
    shareOfWallet: walletOf(world),
    armsFrom: learned ? 'monitor' : 'offers',
    arms: figuresByArm(ledger, members),
    weeks: weeks.map((place) => ({ week: ledger.weekNumber(place) + 1, startsAt: dateOf(options.startMs + ledger.weekNumber(place) * weekMs), arms: figuresByArm(ledger, members, [place]), shareOfOracle: oracleInWeek(truth, ledger.weekNumber(place)) })),
    offersByArm: Object.fromEntries(Object.entries(truth.arms).map(([arm, counts]) => [arm, armReport(counts)])),
    shareOfOracle: oracleByArm(world),
    ...(learned?.models && learned.models.length > 0 && { learning: learningOf({ models: learned.models, trainings: learned.trainings ?? [], changes: learned.changes ?? [], ledger, truth, members, startMs: options.startMs, untilMs: world.timeMs }) }),
    ...(learned?.calibration && { calibration: learned.calibration }),
    unanswerableOffers: truth.unanswerable,
    population: { left: truth.left, erasures: truth.erasures, consentChanges: truth.consentChanges },
    planted: truth.planted,
    troubles: world.troubles.map((trouble, place) => ({ ...troubleReport(trouble, truth), ...(findings && { found: findings.troubles[place] ?? { found: false } }) })),
    divertedWithTraces: truth.divertedWithTraces,
    ...(findings && { falseAlarms: findings.falseAlarms }),
  };
}

/** Indices of the clients by arm; who has no offer and was not asked for is `unknown`. */
export function membersOf(world: World, arms: ReadonlyMap<string, string> | undefined): Map<string, number[]> {
  const members = new Map<string, number[]>();
  for (const { client, life } of world.people) {
    const arm = arms ? arms.get(client.clientId) : (life.arm ?? 'unknown');
    if (arm === undefined) continue;
    const known = members.get(arm);
    if (known) known.push(client.index);
    else members.set(arm, [client.index]);
  }
  return members;
}

function oracleByArm({ truth, day }: World): TruthReport['shareOfOracle'] {
  const weeks = Array.from({ length: Math.ceil(day / 7) }, (_, week) => week);
  return Object.fromEntries(Object.keys(truth.oracle).sort().map((arm) => {
    const [all, lastFourWeeks] = [weeks, weeks.slice(-4)].map((some) => shareOfOracleIn(truth, arm, some));
    return [arm, { ...(all && { all }), ...(lastFourWeeks && { lastFourWeeks }) }];
  }));
}

function oracleInWeek(truth: Truth, week: number): Record<string, Estimate> {
  return Object.fromEntries(Object.keys(truth.oracle).sort().flatMap((arm) => {
    const share = shareOfOracleIn(truth, arm, [week]);
    return share ? [[arm, share]] : [];
  }));
}

function wholeWeeks(world: World): number {
  return Math.max(1, Math.floor(world.day / 7));
}

function walletOf({ people, ledger }: World): WalletReport {
  const ourSpendMinor = people.reduce((sum, { client }) => sum + ledger.read('oursMinor', client.index), 0);
  const totalSpendMinor = people.reduce((sum, { client }) => sum + ledger.read('totalMinor', client.index), 0);
  return { clients: people.length, ourSpendMinor, totalSpendMinor, share: ratio(ourSpendMinor, totalSpendMinor) };
}

function armReport({ trueProbability, bestProbability, ...arm }: ArmTruth): ArmReport {
  const incrementalSpendMinor = arm.spendMinor - arm.counterfactualMinor;
  return {
    ...arm,
    redemptionRate: ratio(arm.redeemed, arm.offers),
    meanTrueProbability: ratio(trueProbability, arm.compared),
    meanBestProbability: ratio(bestProbability, arm.compared),
    incrementalSpendMinor,
    incrementalAfterDiscountMinor: incrementalSpendMinor - arm.discountMinor,
  };
}

function troubleReport({ kind, what, startMs, endMs, size }: Trouble, { touched }: Truth): TroubleReport {
  const touchedByKind = touched[kind];
  return { kind, what, startsAt: new Date(startMs).toISOString(), endsAt: new Date(endMs).toISOString(), size, ...(touchedByKind !== undefined && { touchedByKind }) };
}

function dateOf(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(0, 10);
}

function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : Math.round((part / whole) * 1e4) / 1e4;
}
