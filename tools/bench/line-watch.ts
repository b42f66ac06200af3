import { offersDoor, stageLog, type Envelope, type StageName } from '@sp/contracts';
import { decodeFrame } from '@sp/dataflow';
import { NatsInputLog } from '@sp/nats';
import type { NatsConnection } from 'nats';

const partitions = 4;

/** Looks at a running line from outside: offers as they leave, decisions that make none, and how far the stages have come. */
export class LineWatch {
  readonly #ending = new AbortController();
  readonly #waiting = new Map<string, (atMs: number | undefined) => void>();

  constructor(private readonly connection: NatsConnection) {
    void this.#followOffers();
    for (let partition = 0; partition < partitions; partition++) void this.#followDecisions(partition);
  }

  /** When the client's next offer left the line; undefined if it was decided to make none. */
  nextOffer(clientId: string): Promise<number | undefined> {
    return new Promise((settle) => this.#waiting.set(clientId, settle));
  }

  /** Every stage appends one frame for a frame that it reads: all is through when all logs are as long as the first. */
  async settled(): Promise<void> {
    while (!(await this.#isSettled())) await new Promise((resume) => setTimeout(resume, 20));
  }

  close(): void {
    this.#ending.abort();
  }

  async #isSettled(): Promise<boolean> {
    const manager = await this.connection.jetstreamManager();
    const length = async (stage: StageName, partition: number): Promise<number> => (await manager.streams.info(stageLog(stage, partition).stream)).state.last_seq;
    for (let partition = 0; partition < partitions; partition++) {
      const last = await length('feedback-loop', partition);
      if (last < (await length('ingest', partition))) return false;
    }
    return true;
  }

  async #followOffers(): Promise<void> {
    for await (const { bytes } of new NatsInputLog(this.connection, offersDoor.stream).read(1, this.#ending.signal)) {
      const atMs = performance.now();
      const { subject, data } = JSON.parse(new TextDecoder().decode(bytes)) as Envelope;
      this.#tell((data as { clientId?: string }).clientId ?? subject, atMs);
    }
  }

  async #followDecisions(partition: number): Promise<void> {
    for await (const { bytes } of new NatsInputLog(this.connection, stageLog('recommender', partition).stream).read(1, this.#ending.signal)) {
      for (const event of decodeFrame(bytes).events) if (event.type === 'decision.made' && event.data.outcome !== 'offer') this.#tell(event.subject, undefined);
    }
  }

  #tell(clientId: string, atMs: number | undefined): void {
    this.#waiting.get(clientId)?.(atMs);
    this.#waiting.delete(clientId);
  }
}
