import { stageLog, type StageName } from '@sp/contracts';
import { sequencedAtMsOf } from '@sp/dataflow';
import { metrics } from '@sp/platform';
import type { JetStreamManager, NatsConnection } from 'nats';

/** The line ends here for the bank: an offer that is logged by it is on its way. */
const lastStage: StageName = 'recommender';
const pollMs = 500;

/**
 * How far the last stage is behind this door, in wall-clock time, from the newest frames of both logs. Beyond the bound the door closes:
 * what waits in the logs stays bounded, and no log's retention overtakes its readers.
 */
export class LineLag {
  readonly #polling: NodeJS.Timeout;
  #lagMs = 0;

  constructor(
    private readonly connection: NatsConnection,
    private readonly options: { readonly partitions: number; readonly maximumMs: number },
  ) {
    this.#polling = setInterval(() => void this.#poll().catch(() => undefined), pollMs);
  }

  isTooLong(): boolean {
    return this.#lagMs > this.options.maximumMs;
  }

  close(): void {
    clearInterval(this.#polling);
  }

  async #poll(): Promise<void> {
    const manager = await this.connection.jetstreamManager();
    const partitions = Array.from({ length: this.options.partitions }, (_, partition) => partition);
    const lags = await Promise.all(
      partitions.map(async (partition) => {
        const [first, last] = await Promise.all([newest(manager, 'ingest', partition), newest(manager, lastStage, partition)]);
        return first === undefined ? 0 : first - (last ?? (await oldest(manager, partition)) ?? first);
      }),
    );
    this.#lagMs = Math.max(0, ...lags);
    metrics.doorClosed.set(this.isTooLong() ? 1 : 0);
  }
}

async function newest(manager: JetStreamManager, stage: StageName, partition: number): Promise<number | undefined> {
  const { stream, subject } = stageLog(stage, partition);
  const message = await manager.streams.getMessage(stream, { last_by_subj: subject }).catch(() => undefined);
  return message && sequencedAtMsOf(message.data);
}

/** Before the last stage has logged anything, it is behind by all that waits. */
async function oldest(manager: JetStreamManager, partition: number): Promise<number | undefined> {
  const message = await manager.streams.getMessage(stageLog('ingest', partition).stream, { seq: 1 }).catch(() => undefined);
  return message && sequencedAtMsOf(message.data);
}
