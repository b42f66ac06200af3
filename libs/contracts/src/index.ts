export { incrementalGroupings, type Earned, type IncrementalGrouping, type IncrementalRow, type OffPolicyFigures, type PolicyFigures } from './earned';
export { automaticChangeKinds, type AutomaticChange, type AutomaticChangeKind, type AutomaticChanges } from './automatic-changes';
export { acceptEvent, identityOf, isBankEventType, type Acceptance } from './accept-event';
export { decisionRequestPurposes, refusalOfShape, type Purposes } from './accept-event-shape';
export {
  bankEventSchemas, sharedEventTypes, termsSchema,
  type BankEventData, type BankEventType, type Consents, type MinorUnits, type Objective, type OfferResponse, type OfferTerms, type Place,
} from './bank-events';
export { issuedOfferSchema, offerIssuedSchema, type OfferIssuedEvent } from './bank-events-out';
export { findCardNumber, maskCardNumbers } from './card-number';
export { contactLimits } from './contact-limits';
export { drawnByLot, packCandidates, readCandidates, readConsidered, type Candidates, type CandidateTable, type Considered, type ConsideredTable } from './candidate-table';
export { roundTo } from './column';
export type { Claim, ContactState, Decline, Exposure, MovedMoment, Settled } from './contact-state';
export {
  correctionSchema, maximumItemBytes, readDeadLetterEntries,
  type Correction, type DeadLetter, type DeadLetterDropped, type DeadLetterEntry, type DeadLetterReplayed, type RefusedEventName,
} from './dead-letter';
export { DeadLetterBook, type DeadLetterDetail, type DeadLetterFilter, type DeadLetterPlace, type DeadLetterReason, type DeadLetterState, type DeadLetterSummary } from './dead-letter-book';
export { deadLetterOf, deadLetterOfStage, type Refusal, type RefusalOrigin, type StageOrigin } from './dead-letter-refusal';
export { eventToReplay, sameCorrections, type EventToReplay } from './dead-letter-replay';
export type { Contribution, Counterfactual, DecisionExplanation, ExplainedScore } from './decision-explanation';
export { factPrint, printWords, writePrints } from './event-prints';
export { cautiousPolicy, decisionPolicySchema, type DecisionPolicy } from './decision-policy';
export type { ArmPolicy, CampaignAtDecision, ConsideredCandidate, DecisionAnswer, DecisionInputs, DecisionRecord, Finding, IssuedOffer, NoOfferReason, Outcome, RemovalReason, RetrievalKind, Rewards, Scenario, ScoredCandidate } from './decisions';
export { amountForFeatures, correctionRules, type CorrectionRule, type EventCleaning, type EventCorrection } from './event-cleaning';
export type { FeatureReport, FeatureReportRow } from './feature-report';
export { envelopeSchema, eventTimeRangeMs, identifier, type Envelope } from './envelope';
export { incompatibilities } from './golden-compatibility';
export { contractDigest, type ContractDigest } from './golden-digest';
export { goldenSamples } from './golden-samples';
export { hashId, partitionOf, uniform } from './hash';
export type {
  BankEvent, ClientAssigned, ClientProfile, DecisionDue, DeltasGathered, DecisionMade, DecisionRequest, DecisionScored, DecisionScoredData, LineEvent, LineEventBase, LineEventOf, LineEventType,
  LoggedScores, OfferIssued, OutcomeAmended, OutcomeClosed, PurchaseReversed, SequencedEvent, SystemEvent, TableMerged, Tick,
} from './line-events';
export { packDecision, readDecision, type LoggedDecision } from './logged-decision';
export { gatheringStages, mergedTableNames, numberTable, rowsOfTable, segmentKey, sumOfRows, type MerchantStatistics, type MergedTableName, type MergedTables, type NumberRow, type NumberTable, type SegmentSpend } from './merged-tables';
export { experimentDecisions } from './monitor-api';
export { armPolicies, experimentDeclarationSchema, experimentMetricNames, ownExperimentSchema, type ExperimentDeclaration, type OwnExperiment } from './own-experiments';
export { reactionActions, type Incident, type IncidentDetail, type IncidentMoment, type IncidentReaction, type IncidentSignal, type IncidentState, type ProposedReaction, type ReactionAction, type ReactionPolicy, type ReactionRule, type SignalPoint, type Silence } from './incidents';
export type {
  ArmChoices, ArmSeries, ArmVerdict, CampaignFigures, CampaignOverview, CampaignState, ControlChange, CorrectionCount, CorrectionOfEvent, DataHealth, DecisionDetail, DecisionSummary, EventStreamHealth, Experiment, ExperimentArm, ExperimentDecision, ExperimentDetail, ExperimentHealth,
  ExperimentLogEntry, ExperimentMetricName, Experiments, Figure, FigureGap, Freshness, GuardrailState, LiftPoint, MetricComparison, ModelInUse, NextStep, Overview, RatePoint, SegmentComparison, StageState, TimelineEntry,
} from './monitor-api';
export { contractVersion, maximumEventsARequest, openApiDocument } from './open-api';
export { decisionRequestSchema, eventsAnswerSchema, messageSchema, rejectMeanings, type EventsAnswer, type EventVerdict } from './open-api-answers';
export { derivedDocs, usersFile } from './open-api-derived';
export { natsAddress, type NatsAddress } from './nats-address';
export { natsAuthorization, natsRights, type NatsRights, type NatsUser } from './nats-rights';
export { envelopeRows, eventTables, type EventTable, type FieldRow } from './open-api-fields';
export type { MerchantFigures, MerchantFunnel } from './merchant-figures';
export { reviewVerdicts, type ReviewCase, type ReviewEvidence, type ReviewVerdict } from './review-cases';
export type { Reject, RejectCode } from './reject';
export { signatureHeaders, signatureOver, signatureToleranceMs, signedHeaders, type SigningKey } from './request-signature';
export { acceptSystemEvent, type ControlFact } from './system-events';
export {
  bankDoor, controlLog, deadLetters, decisionAnswers, offersDoor, modelArtefacts, operatorPatterns, ownSource, servicePorts, stageEmits, stageLog, stages,
  type EmittedBy, type LogName, type ServiceName, type StageName,
} from './topology';
