import { bankDoor, controlLog, deadLetters, offersDoor, stageLog, stages } from '@sp/contracts';
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
  for (const { name, subjects } of streamsOf(partitions)) await ensureStream(manager, name, subjects, limits);
}

function streamsOf(partitions: number): { name: string; subjects: string[] }[] {
  const logs = stages.flatMap((stage) => Array.from({ length: partitions }, (_, partition) => stageLog(stage, partition)));
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
  await manager.streams.add({
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
