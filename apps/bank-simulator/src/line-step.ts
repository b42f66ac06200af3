import { setTimeout as delay } from 'node:timers/promises';
import { partitionOf } from '@sp/contracts';

export interface LineStepOptions {
  /** Of the door that takes events. */
  readonly url: string;
  /** As many as the line was made with; 0 asks nobody. */
  readonly partitions: number;
  readonly signal: AbortSignal;
}

const askAgainMs = 50;
/** The answer to a request is kept for an hour: after so many attempts, each with its own deadline, another request is made. */
const attemptsByRequest = 20;

/**
 * Says when the line has worked off all that was sent to it. A request for a decision travels behind the events of its partition, and
 * its answer leaves behind their offers: so one request for a client whom nobody knows, in each partition, is a plumb line.
 */
export class LineStep {
  private readonly canaries: readonly string[];

  constructor(private readonly options: LineStepOptions) {
    this.canaries = Array.from({ length: options.partitions }, (_, partition) => canaryIn(partition, options.partitions));
  }

  get exists(): boolean {
    return this.canaries.length > 0;
  }

  /** Returns when every partition has answered; throws when told to stop, or where the door knows no decisions. */
  async caughtUp(step: number): Promise<void> {
    await Promise.all(this.canaries.map((clientId) => this.answered(clientId, step)));
  }

  private async answered(clientId: string, step: number): Promise<void> {
    for (let attempt = 0; ; attempt++) {
      const status = await this.ask(clientId, `${clientId}-${step}-${Math.floor(attempt / attemptsByRequest)}`);
      if (status === 200) return;
      if (status >= 400 && status < 500 && status !== 429) throw new Error(`POST /v1/decisions answered ${status}: the line cannot say how far it is`);
      await delay(askAgainMs, undefined, { signal: this.options.signal });
    }
  }

  /** 503 stands for a door that cannot be reached. */
  private async ask(clientId: string, requestId: string): Promise<number> {
    const { url, signal } = this.options;
    try {
      const body = JSON.stringify({ clientId, requestId, context: {} });
      const answer = await fetch(new URL('/v1/decisions', url), { method: 'POST', headers: { 'content-type': 'application/json' }, body, signal });
      await answer.arrayBuffer();
      return answer.status;
    } catch (error) {
      if (signal.aborted) throw error;
      return 503;
    }
  }
}

/** A name that falls into the partition. */
function canaryIn(partition: number, partitions: number): string {
  for (let number = 0; ; number++) if (partitionOf(`canary-${number}`, partitions) === partition) return `canary-${number}`;
}
