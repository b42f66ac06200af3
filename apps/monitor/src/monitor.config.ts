import { servicePorts, type StageName } from '@sp/contracts';
import { serviceEnvironment } from '@sp/platform';
import { z } from 'zod';
import { isAllowedHost } from './incidents/webhook';

const urlOf = (stage: StageName) => z.url().default(`http://127.0.0.1:${servicePorts[stage]}`);
const { HOST, NATS_URL, CLICKHOUSE_URL } = serviceEnvironment;

export const monitorEnvironment = z.object({
  PORT: z.coerce.number().int().min(0).max(65_535).default(servicePorts.monitor),
  HOST,
  NATS_URL,
  CLICKHOUSE_URL,
  /** The built page. */
  DASHBOARD_FOLDER: z.string().min(1).default('dist/dashboard'),
  /** Models and their cards: what explains a score. */
  MODELS_FOLDER: z.string().default('models'),
  INGEST_URL: urlOf('ingest'),
  FEATURE_STORE_URL: urlOf('feature-store'),
  SCORER_URL: urlOf('scorer'),
  RECOMMENDER_URL: urlOf('recommender'),
  FEEDBACK_LOOP_URL: urlOf('feedback-loop'),
  /** Said beside every figure, where the data are not a bank's own: a simulation, a replay. */
  PROVENANCE: z.string().max(120).optional(),
  /** Probability that any lift shown is ever outside its interval. */
  EXPERIMENT_ALPHA: z.coerce.number().gt(0).lt(0.5).default(0.05),
  /** Where the intervals are tightest; to be chosen before looking: 1,000 clients in each of two arms for ten days. */
  EXPERIMENT_TIGHTEST_AT_CLIENT_DAYS: z.coerce.number().positive().default(20_000),
  /** Days that were planned beforehand: the group-sequential verdict spends its error over them. */
  EXPERIMENT_HORIZON_DAYS: z.coerce.number().int().min(1).max(90).default(28),
  /** What the bank earns of each purchase by card, in per cent, before the discounts. */
  EXPERIMENT_MARGIN_PERCENT: z.coerce.number().min(0).max(100).default(1),
  /** Browsers that may hold a live stream at once. */
  STREAM_READERS: z.coerce.number().int().positive().default(100),
  /** Where incidents are told of; its host must be on the list below. */
  INCIDENT_WEBHOOK_URL: z.url().optional(),
  /** Hosts that the monitor may call on its own, separated by commas. */
  OUTBOUND_HOSTS: z.string().default('').transform((text) => text.split(',').map((host) => host.trim()).filter((host) => host !== '')),
}).refine(({ INCIDENT_WEBHOOK_URL: url, OUTBOUND_HOSTS: hosts }) => url === undefined || isAllowedHost(url, hosts), { path: ['INCIDENT_WEBHOOK_URL'], message: 'its host is not among OUTBOUND_HOSTS' });

export interface MonitorConfig {
  readonly port: number;
  readonly host: string;
  readonly natsUrl: string;
  readonly clickhouseUrl: string;
  readonly dashboardFolder: string;
  readonly modelsFolder: string;
  readonly stageUrls: Readonly<Record<StageName, string>>;
  readonly provenance: string | undefined;
  readonly experiments: { readonly alpha: number; readonly tightestAtClientDays: number; readonly horizonDays: number; readonly marginPercent: number };
  readonly maximumStreamReaders: number;
  readonly webhookUrl: string | undefined;
}

export function monitorConfig(env: z.infer<typeof monitorEnvironment>): MonitorConfig {
  return {
    port: env.PORT,
    host: env.HOST,
    natsUrl: env.NATS_URL,
    clickhouseUrl: env.CLICKHOUSE_URL,
    dashboardFolder: env.DASHBOARD_FOLDER,
    modelsFolder: env.MODELS_FOLDER,
    stageUrls: {
      'ingest': env.INGEST_URL,
      'feature-store': env.FEATURE_STORE_URL,
      'scorer': env.SCORER_URL,
      'recommender': env.RECOMMENDER_URL,
      'feedback-loop': env.FEEDBACK_LOOP_URL,
    },
    provenance: env.PROVENANCE,
    experiments: {
      alpha: env.EXPERIMENT_ALPHA, tightestAtClientDays: env.EXPERIMENT_TIGHTEST_AT_CLIENT_DAYS,
      horizonDays: env.EXPERIMENT_HORIZON_DAYS, marginPercent: env.EXPERIMENT_MARGIN_PERCENT,
    },
    maximumStreamReaders: env.STREAM_READERS,
    webhookUrl: env.INCIDENT_WEBHOOK_URL,
  };
}
