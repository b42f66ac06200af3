import { bankDoor, controlLog, deadLetters, offersDoor, stageLog, stages } from '@sp/contracts';
import { DiscardPolicy, nanos, RetentionPolicy, StorageType, type JetStreamManager, type NatsConnection } from 'nats';

const hoursMs = 3_600_000;

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
