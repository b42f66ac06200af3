import {
  drawnByLot, hashId, uniform,
  type ArmPolicy, type ContactState, type DecisionPolicy, type DecisionRecord, type DecisionScoredData, type Finding, type IssuedOffer, type LoggedScores, type MovedMoment, type NoOfferReason, type Scenario,
} from '@sp/contracts';
import type { BudgetMovement, BudgetView } from './budget-ledger';
import type { CampaignFinder, PausedMerchants } from './campaign';
import { chooseCandidate, type Choice } from './choose-candidate';
import { findContactBarrier, type Relaxed } from './contact-policy';
import { contactInArm, noContact, withoutMoved } from './contact-state';
import { dayMs } from './day-ms';
import { inputsOf } from './decision-inputs';
import { describeConsidered, type Judged } from './describe-considered';
import { reservationMinor } from './discount';
import { findRemoval } from './eligibility';
import { assignArm, type ExperimentPolicy } from './experiment';
import { explorationShareOf } from './exploration';
import { pacesAt } from './pace';
import { weigh, type WeighedCandidate } from './weigh';

/** `modelVersion` of what was scored while no model was active. */
export const noModelVersion = 'none';
/** `modelVersion` where people or a reaction to an incident have put the rules in the model's place: its arm, and the holdout's ghosts, choose as the rules do. */
export const rulesVersion = 'rules';

export interface DecisionInput {
  readonly scored: DecisionScoredData;
  readonly clientId: string;
  readonly timeMs: number;
  readonly contact: ContactState | undefined;
  readonly campaigns: CampaignFinder;
  readonly pausedMerchants: PausedMerchants;
  readonly budget: BudgetView;
  readonly experiment: ExperimentPolicy;
  readonly policy: DecisionPolicy;
  /** Names the layout of `scored.vector`. */
  readonly featuresVersion: string;
  /** Rules left out, to see what would have been decided without them. */
  readonly relaxed?: Relaxed;
}

export interface Decision {
  readonly record: DecisionRecord;
  readonly contact: ContactState;
  /** What the offer, real or ghost, holds of its campaign's budget from now on. */
  readonly reserved?: BudgetMovement;
}

/** The place where somebody was is no reason in the morning; who asked has his answer. */
const unmovable: ReadonlySet<string> = new Set(['near-merchant', 'requested']);

/**
 * Which offer, if any, may and should this client get now? Contact first, then each candidate's eligibility, then the policy of
 * the client's arm. A pure function of its input: every draw is a hash of the decision's id, so a replay decides alike.
 */
export function decide(input: DecisionInput): Decision {
  const { scored, clientId, timeMs, experiment, policy, relaxed } = input;
  const arm = assignArm(clientId, experiment);
  const stored = input.contact ?? noContact;
  const contact = contactInArm(stored, arm);
  const barrier = findContactBarrier({ profile: scored.profile, contact, timeMs, requested: scored.trigger === 'requested' }, policy, relaxed) ?? findMissingInput(scored, arm, relaxed);
  if (barrier?.reason === 'no-consent') return { record: recordOf(input, arm, barrierOf(barrier)), contact: stored };
  const context = { ...input, profile: scored.profile, contact, arm, paceFor: pacesAt(input, arm) };
  const judged = scored.candidates.map((candidate) => {
    const weighed = weigh(candidate, context);
    return { weighed, removal: findRemoval(weighed, context, relaxed) };
  });
  if (barrier) return { record: recordOf(input, arm, { ...barrierOf(barrier), ...movedTo(barrier, scored), considered: judged.map(describeConsidered) }), contact: stored };
  return choose(input, arm, stored, judged);
}

/** One decision for each triggering event and scenario: a retry of the same request is the same decision. */
export function decisionIdOf(clientId: string, triggerEventId: string, scenario: Scenario): string {
  return hashId('d', clientId, triggerEventId, scenario);
}

/** The moment as it will be decided at the end of the quiet hours, under an id of its own; undefined where none was moved. */
export function movedMoment({ movedToMs }: DecisionRecord, { replySubject: _, ...scored }: LoggedScores): MovedMoment | undefined {
  return movedToMs === undefined ? undefined : { untilMs: movedToMs, scored: { ...scored, triggerEventId: `${scored.triggerEventId}@${movedToMs}` } };
}

interface FoundBarrier extends Finding {
  readonly reason: NoOfferReason;
  readonly untilMs?: number;
}

function findMissingInput(scored: DecisionScoredData, arm: ArmPolicy, relaxed?: Relaxed): FoundBarrier | undefined {
  if (scored.candidates.length === 0) return { reason: 'no-candidates', value: 0, threshold: 1 };
  const needsModel = arm === 'model' || arm === 'holdout';
  return needsModel && scored.modelVersion === noModelVersion && !relaxed?.has('no-model') ? { reason: 'no-model', value: noModelVersion, threshold: 'a model' } : undefined;
}

function barrierOf({ reason, value, threshold }: FoundBarrier): Found {
  return { reason, barrier: { value, threshold } };
}

function movedTo({ reason, untilMs }: FoundBarrier, { trigger }: DecisionScoredData): Pick<Found, 'movedToMs'> {
  return reason === 'quiet-hours' && untilMs !== undefined && !unmovable.has(trigger) ? { movedToMs: untilMs } : {};
}

function choose(input: DecisionInput, arm: ArmPolicy, stored: ContactState, judged: readonly Judged[]): Decision {
  const decisionId = decisionIdOf(input.clientId, input.scored.triggerEventId, input.scored.scenario);
  const eligible = judged.filter(({ removal }) => removal === undefined).map(({ weighed }) => weighed);
  if (eligible.length === 0) return { record: recordOf(input, arm, { reason: 'no-eligible-candidate', considered: judged.map(describeConsidered) }), contact: stored };
  const choice = chooseCandidate(chooserOf(arm, input.scored.modelVersion), eligible, explorationShareOf(input), (purpose) => uniform(decisionId, purpose));
  const chosen = choice.chosen === undefined ? undefined : eligible[choice.chosen];
  const considered = judged.map(({ weighed, removal }) => describeConsidered(removal ? { weighed, removal } : judgedByChoice(weighed, eligible.indexOf(weighed), choice, chosen)));
  if (!chosen) return { record: recordOf(input, arm, { reason: 'no-positive-value', considered }), contact: stored };
  return issue(input, arm, stored, { chosen, considered, choice });
}

function chooserOf(arm: ArmPolicy, modelVersion: string): ArmPolicy {
  return modelVersion === rulesVersion && (arm === 'model' || arm === 'holdout') ? 'rules' : arm;
}

function judgedByChoice(weighed: WeighedCandidate, place: number, { chosen, lossReasons, propensities }: Choice, winner: WeighedCandidate | undefined): Judged {
  const propensity = propensities[place] ?? 0;
  const reason = place === chosen ? undefined : lossReasons[place];
  if (!reason) return { weighed, propensity };
  const threshold = reason === 'lost-on-value' && winner ? winner.valueMinor : 0;
  return { weighed, propensity, removal: { reason, ...(reason === 'not-drawn' ? { value: propensity, threshold: drawnByLot } : { value: weighed.valueMinor, threshold }) } };
}

function issue(input: DecisionInput, arm: ArmPolicy, stored: ContactState, made: { chosen: WeighedCandidate; considered: DecisionRecord['considered']; choice: Choice }): Decision {
  const { chosen, considered, choice } = made;
  const offer = offerOf(input, arm, chosen);
  const record = recordOf(input, arm, {
    reason: 'chosen', offer, considered, valueMinor: chosen.valueMinor, features: [...input.scored.vector, ...chosen.candidate.features],
    propensity: choice.propensities[choice.chosen!]!, exploration: choice.exploration,
  });
  const exposure = { campaignId: offer.campaignId, timeMs: input.timeMs, ghost: arm === 'holdout' };
  // What waits for the morning has its answer with any offer before it.
  const contact = { ...withoutMoved(stored), exposures: [...recentExposures(stored, input), exposure], live: [...stored.live, { offer, issuedAtMs: input.timeMs }] };
  return { record, contact, reserved: { campaignId: offer.campaignId, arm, reservedMinor: reservationMinor(offer.terms), spentMinor: 0 } };
}

function offerOf({ clientId, scored, timeMs }: DecisionInput, arm: ArmPolicy, { candidate, terms }: WeighedCandidate): IssuedOffer {
  const decisionId = decisionIdOf(clientId, scored.triggerEventId, scored.scenario);
  const { merchantId, campaignId, currency } = candidate;
  const validUntil = new Date(timeMs + terms.validityDays * dayMs).toISOString();
  return { offerId: hashId('o', decisionId), decisionId, clientId, merchantId, campaignId, terms, currency, scenario: scored.scenario, validUntil, arm };
}

/** Those that a cap or the pause between offers of one campaign can still ask about. */
function recentExposures({ exposures }: ContactState, { timeMs, policy: { contact } }: DecisionInput): ContactState['exposures'] {
  const rememberedMs = Math.max(7, contact.reofferDays, contact.campaignCapDays) * dayMs;
  return exposures.filter((exposure) => exposure.timeMs > timeMs - rememberedMs);
}

type Found = Pick<DecisionRecord, 'reason'> & Partial<Pick<DecisionRecord, 'offer' | 'considered' | 'features' | 'propensity' | 'exploration' | 'barrier' | 'movedToMs' | 'valueMinor'>>;

/** That nothing is offered follows with certainty from the input, hence the propensity 1 where none was chosen. */
function recordOf(input: DecisionInput, arm: ArmPolicy, found: Found): DecisionRecord {
  const { clientId, scored, experiment, policy, featuresVersion } = input;
  const { scenario, trigger, triggerEventId, modelVersion, vector } = scored;
  const { experimentId, epoch, salt, armName } = experiment;
  return {
    decisionId: decisionIdOf(clientId, triggerEventId, scenario),
    clientId, scenario, trigger, triggerEventId, experimentId, epoch, salt, arm, ...(armName !== undefined && { experimentArm: armName }),
    outcome: found.offer === undefined ? 'none' : arm === 'holdout' ? 'ghost' : 'offer',
    considered: [], features: vector, propensity: 1, exploration: false, valueMinor: 0,
    ...found,
    versions: { model: modelVersion, features: featuresVersion, policy: policy.version },
    ...(found.considered && { inputs: inputsOf(input, arm) }),
  };
}
