import { z } from 'zod';
import { categories } from './world/categories';
import { troubleLevels } from './world/troubles';
import { worldKinds } from './world/worlds';

const url = (protocols: readonly string[]) => z.string().refine((text) => protocols.some((protocol) => text.startsWith(`${protocol}://`) && URL.canParse(text)), `must be a URL with ${protocols.join(' or ')}`);

const environment = z
  .object({
    INGEST_URL: url(['http', 'https']),
    NATS_URL: url(['nats', 'tls']),
    SIMULATOR_STATE_FOLDER: z.string(),
    SIMULATOR_SEED: z.coerce.number().int().min(0).max(2 ** 31 - 1).default(1),
    SIMULATOR_CLIENTS: z.coerce.number().int().min(1).max(1_000_000).default(2000),
    SIMULATOR_MERCHANTS: z.coerce.number().int().min(categories.length, `at least one for each of the ${categories.length} categories`).max(5000).default(120),
    /** Simulated hours a real second; 0 is as fast as the door allows. */
    SIMULATOR_HOURS_PER_SECOND: z.coerce.number().min(0).default(1),
    /** Ends after so many days since the world's start; 0 is endless. */
    SIMULATOR_DAYS: z.coerce.number().int().min(0).default(0),
    SIMULATOR_START: z.iso.datetime({ offset: true }).default('2026-01-05T00:00:00Z'),
    SIMULATOR_CAMPAIGNS: z.coerce.number().int().min(0).default(60),
    SIMULATOR_BATCH: z.coerce.number().int().min(1).max(1000).default(500),
    SIMULATOR_SETTLE_MS: z.coerce.number().int().min(0).default(0),
    SIMULATOR_WORLD: z.enum(worldKinds).default('smooth'),
    /** Unset: mild ones in an endless life, none in a run of given days. */
    SIMULATOR_TROUBLES: z.enum(troubleLevels).optional(),
    /** A stored model that says the same of everything: with all troubles, operators activate it by mistake. */
    SIMULATOR_CONSTANT_MODEL: z.string().optional(),
    /** Partitions of the line: at full speed each of them is asked after every hour whether it has come as far; 0 asks none. */
    SIMULATOR_PARTITIONS: z.coerce.number().int().min(0).max(256).default(4),
    /** The system's own figures, to be compared with the truth at the end. */
    MONITOR_URL: url(['http', 'https']).optional(),
    /** Where the report of the end is put; beside the state if not given. */
    SIMULATOR_REPORT_FOLDER: z.string().optional(),
    /** The process that started this one: when it is gone, this one ends. */
    SP_PARENT_PID: z.coerce.number().int().positive().optional(),
  })
  .refine((env) => env.SIMULATOR_CAMPAIGNS <= env.SIMULATOR_MERCHANTS, { path: ['SIMULATOR_CAMPAIGNS'], message: 'a merchant has one campaign at most: not more than SIMULATOR_MERCHANTS' });

export type SimulatorConfig = ReturnType<typeof readConfig>;

export class ConfigError extends Error {}

/** Names every wrong key at once; an empty value counts as absent. */
export function readConfig(env: Readonly<Record<string, string | undefined>>) {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = environment.safeParse(given);
  if (!parsed.success) throw new ConfigError(parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('\n'));
  const {
    INGEST_URL: ingestUrl, NATS_URL: natsUrl, SIMULATOR_STATE_FOLDER: stateFolder, SIMULATOR_HOURS_PER_SECOND: hoursPerSecond, SIMULATOR_DAYS: days, SIMULATOR_BATCH: batchSize,
    SIMULATOR_SETTLE_MS: settleMs, SP_PARENT_PID: parentPid, SIMULATOR_SEED: seed, SIMULATOR_CLIENTS: clients, SIMULATOR_MERCHANTS: merchants, SIMULATOR_CAMPAIGNS: campaigns,
    SIMULATOR_START: start, SIMULATOR_WORLD: kind, SIMULATOR_TROUBLES: troubles = days === 0 ? 'demo' : 'none', SIMULATOR_PARTITIONS: partitions, MONITOR_URL: monitorUrl,
    SIMULATOR_REPORT_FOLDER: reportFolder = stateFolder, SIMULATOR_CONSTANT_MODEL: constantModel,
  } = parsed.data;
  return { ingestUrl, natsUrl, stateFolder, reportFolder, hoursPerSecond, days, batchSize, settleMs, partitions, monitorUrl, parentPid, world: { seed, clients, merchants, campaigns, startMs: Date.parse(start), world: kind, troubles, ...(constantModel !== undefined && { constantModel }) } };
}
