import type { BankEventData, OfferTerms } from './bank-events';
import type { DecisionExplanation } from './decision-explanation';
import type { ArmPolicy, DecisionRecord, Scenario } from './decisions';
import type { experimentMetricNames, OwnExperiment } from './own-experiments';
import type { StageName } from './topology';

/** What monitor answers and the dashboard shows. Money in minor units, time in milliseconds; event time unless it says wall clock. */

/** Why no figure can be given; codes, so that a page can put each into words. */
export type FigureGap =
  /** Nobody, or fewer than two, stand in the arm. */
  | 'too-few-observations'
  /** Every observation is the same: nothing to tell chance from effect with. */
  | 'no-variance'
  /** The baseline is too near zero for a ratio to it to mean anything. */
  | 'baseline-near-zero'
  /** A ratio's denominator is zero. */
  | 'zero-denominator'
  /** The counts contradict themselves, as they may while figures are still arriving. */
  | 'inconsistent-counts';

/** A number with its interval and the observations behind it, or the reason why there is none. */
export type Figure =
  | { readonly known: true; readonly value: number; readonly low: number; readonly high: number; readonly n: number }
  | { readonly known: false; readonly reason: FigureGap; readonly n: number };

/** What may be said of an arm against the holdout. */
export type ArmVerdict = 'higher' | 'lower' | 'not-distinguishable' | 'too-few-clients' | 'split-broken' | 'no-figure';

/** How fresh the figures out of ClickHouse are; wall clock. */
export interface Freshness {
  readonly state: 'current' | 'delayed' | 'absent';
  readonly asOfMs?: number;
  /** Why they are delayed, for a person to act on. */
  readonly sentence?: string;
}

/** Events a second that ingest accepted in the few seconds before `atMs` (wall clock). */
export interface RatePoint {
  readonly atMs: number;
  readonly eventsPerSecond: number;
}

export interface StageState {
  readonly stage: StageName;
  readonly reachable: boolean;
  readonly lagSeconds?: number;
  readonly eventsPerSecond?: number;
}

export interface Overview {
  /** Wall clock. */
  readonly atMs: number;
  readonly freshness: Freshness;
  /** Where the data come from, where they are not a bank's own: to be said beside every figure. */
  readonly provenance?: string;
  /** Event time of the newest event; in a simulated or replayed folder it is not the wall clock. */
  readonly newestEventMs?: number;
  /** Accepted events a second over the last minute of the wall clock. */
  readonly eventsPerSecond?: number;
  /** Oldest first; in the stream only those that the reader does not have. */
  readonly rates: readonly RatePoint[];
  readonly stages: readonly StageState[];
  readonly offersByScenario: readonly { readonly scenario: Scenario; readonly offers: number }[];
  readonly decisionsByOutcome: readonly { readonly outcome: DecisionRecord['outcome']; readonly reason: DecisionRecord['reason']; readonly decisions: number }[];
}

export interface ExperimentArm {
  readonly arm: string;
  readonly clients: number;
  /** Clients who got an offer or, in the holdout, would have got one. */
  readonly exposedClients: number;
  readonly offers: number;
  /** Share of the offers accepted so far; young ones may still be. Absent in the holdout: nothing is delivered that could be accepted. */
  readonly acceptance?: Figure;
  /** Share of the offers redeemed so far; in the holdout, of purchases that would have redeemed one that was never made. */
  readonly redemption: Figure;
  /** Mean spend a client since his assignment, less the discounts given; minor units. */
  readonly spendPerClientMinor: Figure;
  /** Of that spend against the holdout's; 0.1 is ten per cent more. Valid at every look. Absent in the holdout. */
  readonly lift?: Figure;
  readonly verdict?: ArmVerdict;
}

export interface Experiment {
  readonly experimentId: string;
  readonly epoch: number;
  /** The arm that the others are compared with. */
  readonly control: string;
  /** The metric that the verdicts are about. */
  readonly deciding: ExperimentMetricName;
  /** Of the bank's own: what was declared, and how it stands. */
  readonly own?: OwnExperiment;
  readonly currency: string;
  readonly startedMs: number;
  /** Event time up to which the figures count. */
  readonly untilMs: number;
  /** Probability that any lift of the table is ever outside its interval, at whatever moment it is looked at. */
  readonly alpha: number;
  /** Is the split the one that was asked for, now (chi-square) and over all days (sequential)? Verdicts are withheld when it is not. */
  readonly split: { readonly state: 'as-asked' | 'broken' | 'unknown'; readonly p?: number; readonly sequentialP?: number };
  readonly arms: readonly ExperimentArm[];
}

export interface Experiments {
  readonly freshness: Freshness;
  readonly experiments: readonly Experiment[];
  /** Of the bank's own, waiting for their start. */
  readonly declared: readonly OwnExperiment[];
}

export type ExperimentMetricName = (typeof experimentMetricNames)[number];

/** One arm's metric against the holdout's: the difference decides, the relative lift is shown beside it. */
export interface MetricComparison {
  readonly metric: ExperimentMetricName;
  readonly arm: string;
  readonly mean: Figure;
  /** Absolute, at one look. */
  readonly difference: Figure;
  /** The same at every look. */
  readonly alwaysValid: Figure;
  readonly relative: Figure;
  /** Of one look, before and after the correction over all metrics and arms (Holm). */
  readonly p?: number;
  readonly adjustedP?: number;
  /** Posterior probability that the arm's true value is above the holdout's. */
  readonly chanceAbove?: number;
}

/** Cumulative difference of spend a client against the holdout, at the end of each day. */
export interface LiftPoint {
  readonly day: number;
  readonly clients: number;
  readonly difference: number;
  /** At every look. */
  readonly low: number;
  readonly high: number;
}

export interface ArmSeries {
  readonly arm: string;
  /** By days since the experiment began; everybody assigned. */
  readonly sinceStart: readonly LiftPoint[];
  /** By days since a client's first offer, in the holdout since the first that would have been made. */
  readonly sinceExposure: readonly LiftPoint[];
  /** With the horizon set: the group-sequential verdict over the daily looks. */
  readonly groupSequential: { readonly direction: 'higher' | 'lower' | 'none'; readonly crossedOnDay?: number; readonly bound?: number; readonly z?: number };
}

export interface SegmentComparison {
  readonly segment: string;
  readonly arm: string;
  readonly clients: number;
  readonly difference: Figure;
  readonly p?: number;
  /** Over all segments and arms of the table (Holm). */
  readonly adjustedP?: number;
}

export interface ExperimentHealth {
  /** Chi-square of now, and the test that holds over all days. */
  readonly splitP?: number;
  readonly splitSequentialP?: number;
  readonly splitBroken: boolean;
  readonly inSeveralArms: number;
  readonly severalArmsTooMany: boolean;
  /** Did the arms differ in the four weeks before the experiment already? The smallest p of them; absent where nothing is older than it. */
  readonly biasBeforeP?: number;
  readonly biasedBefore: boolean;
  /** What the weeks before explain of the variance of capped spend: 0.4 means that 40 % is gone (CUPED). */
  readonly varianceReduction?: number;
  readonly guardrails: readonly GuardrailState[];
  /** Simulated, looking once a day: the smallest difference of spend a client that is found by the horizon four times in five, and when. */
  readonly findable?: { readonly minor: number; readonly share?: number; readonly medianDays?: number; readonly daysToPower?: number };
  /** The smallest difference of spend a client that one look would find by the horizon with 80 %, and as a share of the holdout's spend. */
  readonly detectableMinor?: number;
  readonly detectableShare?: number;
  readonly horizonDays: number;
  readonly daysSoFar: number;
}

/** May harm be ruled out, or is it proven beyond what is borne? At every look. */
export interface GuardrailState {
  readonly metric: ExperimentMetricName;
  readonly arm: string;
  readonly tolerance: number;
  readonly state: 'kept' | 'open' | 'broken';
}

export type NextStep = 'mend-split' | 'stop-guardrail' | 'wait' | 'decide-higher' | 'decide-lower' | 'horizon-reached' | 'stopped';

/** What people may note. An experiment of the bank's own is started and stopped by commands of their own, which are noted by themselves. */
export const experimentDecisions = ['continue', 'ship', 'stop', 'note'] as const;
export type ExperimentDecision = (typeof experimentDecisions)[number] | 'declared' | 'started' | 'stopped';

export interface ExperimentLogEntry {
  /** Wall clock. */
  readonly atMs: number;
  readonly by: string;
  readonly decision: ExperimentDecision;
  readonly reason: string;
  /** Event time up to which the figures counted then. */
  readonly knownUntilMs: number;
  readonly nextStep: NextStep;
}

/** One experiment in all its figures; `experiment` is what the overview shows. */
export interface ExperimentDetail {
  readonly experiment: Experiment;
  readonly freshness: Freshness;
  /** How many comparisons the correction over metrics and arms counts, and over segments and arms. */
  readonly comparisons: number;
  readonly segmentComparisons: number;
  readonly metrics: readonly MetricComparison[];
  readonly traffic: readonly { readonly dayMs: number; readonly arm: string; readonly clients: number }[];
  readonly series: readonly ArmSeries[];
  readonly segments: readonly SegmentComparison[];
  readonly health: ExperimentHealth;
  readonly nextStep: NextStep;
}

export interface DecisionSummary {
  readonly decisionId: string;
  readonly clientId: string;
  readonly timeMs: number;
  readonly scenario: Scenario;
  readonly trigger: string;
  readonly arm: ArmPolicy;
  readonly outcome: DecisionRecord['outcome'];
  readonly reason: DecisionRecord['reason'];
  readonly merchantId?: string;
  readonly campaignId?: string;
  readonly terms?: OfferTerms;
}

/** The whole record, and when it was made. */
/** The record as it was logged; JSON knows no NaN, so a feature that is not known of the client is null. */
export type DecisionDetail = Omit<DecisionRecord, 'features'> & { readonly timeMs: number; readonly features: readonly (number | null)[]; readonly explanation?: DecisionExplanation };

export interface CampaignFigures {
  readonly campaignId: string;
  readonly merchantId: string;
  readonly currency: string;
  readonly offers: number;
  readonly accepted: number;
  readonly redeemed: number;
  readonly spendMinor: number;
  readonly discountMinor: number;
  readonly lastOfferMs: number;
}

/** A version of the model that decisions cite. */
export interface ModelInUse {
  readonly version: string;
  readonly decisions: number;
  readonly firstMs: number;
  readonly lastMs: number;
}

/** The events of one type, as they came in at the door. */
export interface EventStreamHealth {
  readonly type: string;
  readonly accepted: number;
  /** Over the last minute. */
  readonly perSecond?: number;
  /** The newest event time so far. */
  readonly watermarkMs: number;
  /** Farther behind the newest event of their source than is its habit, when they came. */
  readonly late: number;
  /** Of the late ones. */
  readonly meanLatenessSeconds?: number;
}

export interface CorrectionCount {
  readonly rule: string;
  readonly meaning: string;
  readonly count: number;
}

/** What comes in at the door, since it was started. */
export interface DataHealth {
  readonly atMs: number;
  readonly isReachable: boolean;
  readonly isDoorClosed: boolean;
  readonly accepted: number;
  readonly duplicates: number;
  readonly refused: number;
  /** The greatest watermark. */
  readonly watermarkMs?: number;
  readonly streams: readonly EventStreamHealth[];
  readonly corrections: readonly CorrectionCount[];
}

/** One correction of one event. */
export interface CorrectionOfEvent {
  readonly eventId: string;
  readonly type: string;
  readonly source: string;
  readonly subject: string;
  readonly timeMs: number;
  readonly rule: string;
  readonly field: string;
  readonly before: string;
  readonly after: string;
}

/** A campaign as it was last published, whether it is paused, and what its paying arms have used of its budget in all partitions. */
export interface CampaignState extends BankEventData<'campaign.published'> {
  readonly paused: boolean;
  readonly reservedMinor: number;
  readonly spentMinor: number;
}

/** What one arm's policy chose, offers and ghosts alike; shares from 0 to 1. */
export interface ArmChoices {
  readonly arm: ArmPolicy;
  readonly choices: number;
  /** Different ones among the choices. */
  readonly campaigns: number;
  readonly repeatShare: number;
  readonly explorationShare: number;
}

/** A fact that concerns everybody, who decided it (a bank's own by its source), and all that it says. */
export interface ControlChange {
  readonly timeMs: number;
  readonly type: 'campaign.published' | 'campaign.paused' | 'merchant.paused' | 'policy.published' | 'model.activated';
  /** The campaign, the merchant, the model. */
  readonly about: string;
  readonly by: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** What a campaign's offers came to; without `published` where the recommender could not be asked, or knows it no more. */
export interface CampaignOverview extends CampaignFigures {
  readonly published?: CampaignState;
}

/** One thing that happened with a client. */
export interface TimelineEntry {
  readonly timeMs: number;
  readonly kind: 'purchase' | 'reversal' | 'transfer' | 'cash' | 'decision' | 'response' | 'outcome';
  /** Of the transaction, decision or offer. */
  readonly id: string;
  readonly offerId: string;
  readonly merchantId: string;
  /** Outcome and reason of a decision, the response, what the offer came to. */
  readonly what: string;
  readonly amountMinor: number;
  readonly currency: string;
}
