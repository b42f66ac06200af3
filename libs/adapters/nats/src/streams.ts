import { bankDoor, controlLog, deadLetters, decisionAnswers, modelArtefacts, offersDoor, stageLog, stages } from '@sp/contracts';
import { DiscardPolicy, nanos, NatsError, RetentionPolicy, StorageType, type JetStreamManager, type NatsConnection, type StreamConfig } from 'nats';

const hoursMs = 3_600_000;
/** JetStream's code for "stream not found". */
const noStream = 10059;

export interface StreamLimits {
  /** How long a log keeps its frames; longer than any reader may lag. */
  readonly maximumAgeHours: number;
  readonly maximumBytes: number;
}

export const embeddedLimits: StreamLimits = { maximumAgeHours: 24, maximumBytes: 1_073_741_824 };

/** Makes every stream that is missing. A full stream refuses new messages; it never drops acknowledged ones. */
export async function ensureStreams(connection: NatsConnection, partitions: number, limits: StreamLimits = embeddedLimits): Promise<void> {
  const manager = await connection.jetstreamManager();
  await checkPartitions(manager, partitions);
  for (const { name, subjects } of streamsOf(partitions)) await ensureStream(manager, name, subjects, limits);
}

/** The streams, and the stores that services share: for who provisions a log on which the services may make nothing. */
export async function makeLog(connection: NatsConnection, partitions: number, limits?: StreamLimits): Promise<void> {
  await ensureStreams(connection, partitions, limits);
  await connection.jetstream().views.kv(decisionAnswers.bucket, { ttl: decisionAnswers.keptMs });
  await connection.jetstream().views.os(modelArtefacts.bucket);
}

/** The number of partitions is fixed when a line is begun: with another one every client would find himself in another log. */
async function checkPartitions(manager: JetStreamManager, partitions: number): Promise<void> {
  const extra = stageLog('ingest', partitions).stream;
  if (await findStream(manager, extra)) throw new Error(`The line has the stream ${extra}, so it has more partitions than the ${partitions} of PARTITIONS: set it as the line was begun`);
  const last = stageLog('ingest', partitions - 1).stream;
  if ((await findStream(manager, stageLog('ingest', 0).stream)) && !(await findStream(manager, last))) {
    throw new Error(`The line has no stream ${last}, so it has fewer partitions than the ${partitions} of PARTITIONS: set it as the line was begun`);
  }
}

function streamsOf(partitions: number): { name: string; subjects: string[] }[] {
  // The first partition's last: whoever sees it, at the same moment, finds all the others.
  const logs = stages.flatMap((stage) => Array.from({ length: partitions }, (_, place) => stageLog(stage, partitions - 1 - place)));
  return [
    { name: bankDoor.stream, subjects: [bankDoor.subject, bankDoor.controlRequests] },
    { name: offersDoor.stream, subjects: [offersDoor.subjects] },
    { name: deadLetters.stream, subjects: [deadLetters.subjects] },
    ...[controlLog, ...logs].map((log) => ({ name: log.stream, subjects: [log.subject] })),
  ];
}

async function ensureStream(manager: JetStreamManager, name: string, subjects: string[], limits: StreamLimits): Promise<void> {
  const existing = await findStream(manager, name);
  if (existing) return checkStream(existing, subjects);
  await makeStream(manager, {
    name,
    subjects,
    storage: StorageType.File,
    retention: RetentionPolicy.Limits,
    discard: DiscardPolicy.New,
    max_age: nanos(limits.maximumAgeHours * hoursMs),
    max_bytes: limits.maximumBytes,
    duplicate_window: nanos(120_000),
    deny_delete: true,
    deny_purge: true,
  });
}

async function makeStream(manager: JetStreamManager, config: Partial<StreamConfig> & { readonly name: string }): Promise<void> {
  try {
    await manager.streams.add(config);
  } catch (cause) {
    throw new Error(`The stream ${config.name} is missing and cannot be made: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

async function findStream(manager: JetStreamManager, name: string): Promise<StreamConfig | undefined> {
  try {
    return (await manager.streams.info(name)).config;
  } catch (error) {
    if (error instanceof NatsError && error.api_error?.err_code === noStream) return undefined;
    throw error;
  }
}

/** Its age and size are the operator's to choose; what would lose events silently, or lead them elsewhere, is refused. */
function checkStream({ name, discard, retention, subjects }: StreamConfig, wanted: readonly string[]): void {
  const wrong = [
    ...(discard === DiscardPolicy.New ? [] : [`discard is "${discard}" and must be "new": a full log would drop acknowledged events`]),
    ...(retention === RetentionPolicy.Limits ? [] : [`retention is "${retention}" and must be "limits": every reader has a position of its own`]),
    ...(wanted.every((subject) => subjects?.includes(subject)) ? [] : [`its subjects are ${subjects?.join(', ')} and must hold ${wanted.join(', ')}`]),
  ];
  if (wrong.length > 0) throw new Error(`The stream ${name} cannot be used: ${wrong.join('; ')}. Mend it with "nats stream edit ${name}", or let it be made anew.`);
}
