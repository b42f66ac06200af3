import type { LineEventType } from './line-events';

/** Every stream and subject of the system is written here and nowhere else. */

export const stages = ['ingest', 'feature-store', 'scorer', 'recommender', 'feedback-loop'] as const;
export type StageName = (typeof stages)[number];

/** The durable log of one stage and partition: one message is one frame. */
export interface LogName {
  readonly stream: string;
  readonly subject: string;
}

export function stageLog(stage: StageName, partition: number): LogName {
  return { stream: `${stage.toUpperCase().replace('-', '_')}_${partition}`, subject: `line.${stage}.${partition}` };
}

/** Facts that concern everybody, in one order; written by ingest alone. */
export const controlLog: LogName = { stream: 'CONTROL', subject: 'line.control' };

/** Where the bank publishes over NATS, and where the system's own services ask for control facts. */
export const bankDoor = { stream: 'BANK', subject: 'bank.events', controlRequests: 'control.requests' } as const;

export const offersDoor = { stream: 'OFFERS', subjects: 'offers.issued.*', subject: (partition: number) => `offers.issued.${partition}` } as const;

/** Refusals by the stage that refused; what became of them stands on a subject of its own, in the same order. */
export const deadLetters = { stream: 'DEAD_LETTERS', subjects: 'dead-letters.*', subject: (stage: string) => `dead-letters.${stage}`, stateSubject: 'dead-letters.state' } as const;

/** Key-value bucket: the answers to `POST /v1/decisions` by the request event's id, kept an hour for those who ask again. */
export const decisionAnswers = { bucket: 'decision-answers', keptMs: 3_600_000 } as const;

/** NestJS message patterns for operators (core NATS request/reply). */
export const operatorPatterns = {
  listModels: 'operator.models.list',
  activateModel: 'operator.models.activate',
  listCampaigns: 'operator.campaigns.list',
  pauseCampaign: 'operator.campaigns.pause',
  publishCampaign: 'operator.campaigns.publish',
  pauseMerchant: 'operator.merchants.pause',
  readPolicy: 'operator.policy.read',
  publishPolicy: 'operator.policy.publish',
  listExperiments: 'operator.experiments.list',
  declareExperiment: 'operator.experiments.declare',
  startExperiment: 'operator.experiments.start',
  stopExperiment: 'operator.experiments.stop',
  readFeatures: 'operator.clients.features',
  listClusters: 'operator.clusters.list',
  activateClusters: 'operator.clusters.activate',
  startTraining: 'operator.training.start',
  trainingStatus: 'operator.training.status',
} as const;

/** Object store: models that the line has trained itself, `<model>/<version>.onnx` and `<model>/<version>.card.json`, kept as long as a decision may cite them. */
export const modelArtefacts = { bucket: 'models' } as const;

/** The system's own source in envelopes and on control requests. */
export const ownSource = 'smart-purchases';

/** What each stage adds to what it passes on; a stage may emit nothing else. */
export const stageEmits = {
  'ingest': [],
  'feature-store': ['decision.due', 'purchase.reversed'],
  'scorer': ['decision.scored'],
  'recommender': ['decision.made', 'offer.issued', 'client.assigned'],
  'feedback-loop': ['outcome.closed', 'outcome.amended'],
} as const satisfies Record<StageName, readonly LineEventType[]>;

export type EmittedBy<S extends StageName> = (typeof stageEmits)[S][number];

/** Ports of the services' HTTP doors. */
export const servicePorts = { 'ingest': 3000, 'feature-store': 3001, 'scorer': 3002, 'recommender': 3003, 'feedback-loop': 3004, 'monitor': 3005 } as const;
export type ServiceName = keyof typeof servicePorts;
