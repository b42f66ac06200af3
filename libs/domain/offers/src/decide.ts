import {
  hashId, uniform,
  type ArmPolicy, type ConsideredCandidate, type DecisionRecord, type DecisionScored, type IssuedOffer, type NoOfferReason, type RemovalReason, type Scenario,
} from '@sp/contracts';
import type { BudgetMovement, BudgetView } from './budget-ledger';
import type { CampaignFinder } from './campaign';
import { chooseCandidate, type Choice } from './choose-candidate';
import { findContactBarrier, type ContactPolicy } from './contact-policy';
import { contactInArm, noContact, type ContactState } from './contact-state';
import { reservationMinor } from './discount';
import { dayMs } from './day-ms';
import { findRemovalReason, weigh, type WeighedCandidate } from './eligibility';
import { assignArm, type ExperimentPolicy } from './experiment';

/** `modelVersion` of what was scored while no model was active. */
export const noModelVersion = 'none';

export interface DecisionInput {
  readonly scored: DecisionScored['data'];
  readonly clientId: string;
  readonly timeMs: number;
  readonly contact: ContactState | undefined;
  readonly campaigns: CampaignFinder;
  readonly budget: BudgetView;
  readonly experiment: ExperimentPolicy;
  readonly policy: ContactPolicy;
  /** Names the layout of `scored.vector`. */
  readonly featuresVersion: string;
}

export interface Decision {
  readonly record: DecisionRecord;
  readonly contact: ContactState;
  /** What the offer, real or ghost, holds of its campaign's budget from now on. */
  readonly reserved?: BudgetMovement;
}

interface Judged {
  readonly weighed: WeighedCandidate;
  readonly removedBy: RemovalReason | undefined;
}

/**
 * Which offer, if any, may and should this client get now? Contact first, then each candidate's eligibility, then the policy of
 * the client's arm. A pure function of its input: every draw is a hash of the decision's id, so a replay decides alike.
 */
export function decide(input: DecisionInput): Decision {
  const { scored, clientId, timeMs, experiment, policy } = input;
  const arm = assignArm(clientId, experiment);
  const stored = input.contact ?? noContact;
  const contact = contactInArm(stored, arm);
  const barrier = findContactBarrier({ profile: scored.profile, contact, timeMs, requested: scored.trigger === 'requested' }, policy);
  const reason = barrier ?? findMissingInput(scored, arm);
  if (reason) return { record: recordOf(input, arm, { reason }), contact: stored };
  const judged = scored.candidates.map(weigh).map((weighed) => ({ weighed, removedBy: findRemovalReason(weighed, { ...input, profile: scored.profile, contact, arm }) }));
  return choose(input, arm, stored, judged);
}

/** One decision for each triggering event and scenario: a retry of the same request is the same decision. */
export function decisionIdOf(clientId: string, triggerEventId: string, scenario: Scenario): string {
  return hashId('d', clientId, triggerEventId, scenario);
}

function findMissingInput(scored: DecisionScored['data'], arm: ArmPolicy): NoOfferReason | undefined {
  if (scored.candidates.length === 0) return 'no-candidates';
  const needsModel = arm === 'model' || arm === 'holdout';
  return needsModel && scored.modelVersion === noModelVersion ? 'no-model' : undefined;
}

function choose(input: DecisionInput, arm: ArmPolicy, stored: ContactState, judged: readonly Judged[]): Decision {
  const decisionId = decisionIdOf(input.clientId, input.scored.triggerEventId, input.scored.scenario);
  const eligible = judged.filter(({ removedBy }) => removedBy === undefined).map(({ weighed }) => weighed);
  if (eligible.length === 0) return { record: recordOf(input, arm, { reason: 'no-eligible-candidate', considered: judged.map(describe) }), contact: stored };
  const choice = chooseCandidate(arm, eligible, input.policy.epsilon, (purpose) => uniform(decisionId, purpose));
  const considered = judged.map(({ weighed, removedBy }) => describe({ weighed, removedBy: removedBy ?? findLossReason(eligible.indexOf(weighed), choice) }));
  const chosen = choice.chosen === undefined ? undefined : eligible[choice.chosen];
  if (!chosen) return { record: recordOf(input, arm, { reason: 'no-positive-value', considered }), contact: stored };
  return issue(input, arm, stored, { chosen, considered, choice });
}

function findLossReason(place: number, { chosen, lossReasons }: Choice): RemovalReason | undefined {
  return place === chosen ? undefined : lossReasons[place];
}

function issue(input: DecisionInput, arm: ArmPolicy, stored: ContactState, made: { chosen: WeighedCandidate; considered: ConsideredCandidate[]; choice: Choice }): Decision {
  const { chosen, considered, choice } = made;
  const offer = offerOf(input, arm, chosen);
  const ghost = arm === 'holdout';
  const record = recordOf(input, arm, {
    reason: 'chosen', offer, considered, features: [...input.scored.vector, ...chosen.candidate.features],
    propensity: choice.propensities[choice.chosen!]!, exploration: choice.exploration,
  });
  const exposure = { campaignId: offer.campaignId, timeMs: input.timeMs, ghost };
  const contact = { ...stored, exposures: [...recentExposures(stored, input), exposure], live: [...stored.live, { offer, issuedAtMs: input.timeMs }] };
  return { record, contact, reserved: { campaignId: offer.campaignId, arm, reservedMinor: reservationMinor(offer.terms), spentMinor: 0 } };
}

function offerOf({ clientId, scored, timeMs }: DecisionInput, arm: ArmPolicy, { candidate, terms }: WeighedCandidate): IssuedOffer {
  const decisionId = decisionIdOf(clientId, scored.triggerEventId, scored.scenario);
  const { merchantId, campaignId, currency } = candidate;
  const validUntil = new Date(timeMs + terms.validityDays * dayMs).toISOString();
  return { offerId: hashId('o', decisionId), decisionId, clientId, merchantId, campaignId, terms, currency, scenario: scored.scenario, validUntil, arm };
}

/** Those that a cap or the pause between offers of one campaign can still ask about. */
function recentExposures({ exposures }: ContactState, { timeMs, policy }: DecisionInput): ContactState['exposures'] {
  const rememberedMs = Math.max(7, policy.reofferDays) * dayMs;
  return exposures.filter((exposure) => exposure.timeMs > timeMs - rememberedMs);
}

function describe({ weighed: { candidate, terms, valueMinor }, removedBy }: Judged): ConsideredCandidate {
  const { campaignId, merchantId, retrievedBy, conversion } = candidate;
  return { campaignId, merchantId, terms, retrievedBy, conversion, valueMinor, ...(removedBy && { removedBy }) };
}

type Found = Pick<DecisionRecord, 'reason'> & Partial<Pick<DecisionRecord, 'offer' | 'considered' | 'features' | 'propensity' | 'exploration'>>;

/** That nothing is offered follows with certainty from the input, hence the propensity 1 where none was chosen. */
function recordOf({ clientId, scored, experiment, policy, featuresVersion }: DecisionInput, arm: ArmPolicy, found: Found): DecisionRecord {
  const { scenario, trigger, triggerEventId, modelVersion, vector } = scored;
  const { experimentId, epoch, salt } = experiment;
  return {
    decisionId: decisionIdOf(clientId, triggerEventId, scenario),
    clientId, scenario, trigger, triggerEventId, experimentId, epoch, salt, arm,
    outcome: found.offer === undefined ? 'none' : arm === 'holdout' ? 'ghost' : 'offer',
    considered: [], features: vector, propensity: 1, exploration: false,
    ...found,
    versions: { model: modelVersion, features: featuresVersion, policy: policy.version },
  };
}
