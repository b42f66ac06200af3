import type { LineEvent, LogName } from '@sp/contracts';
import { decodeFrame, encodeFrame } from '@sp/dataflow';
import { NatsInputLog } from '@sp/nats';
import type { NatsConnection } from 'nats';
import { BarePublisher } from './bare-publisher';
import { makeLog, removeLog } from './bench-log';

/** One hop with nothing else to do: a frame is published, read, decoded, encoded, published again and arrives. */
export class IdleHop {
  readonly #ending = new AbortController();
  readonly #first: BarePublisher;
  readonly #second: BarePublisher;
  #sent = 0;
  #arrived: () => void = () => undefined;

  private constructor(
    private readonly connection: NatsConnection,
    private readonly from: LogName,
    private readonly to: LogName,
  ) {
    this.#first = new BarePublisher(connection, from.subject);
    this.#second = new BarePublisher(connection, to.subject);
    void this.#pass();
    void this.#watch();
  }

  static async open(connection: NatsConnection): Promise<IdleHop> {
    return new IdleHop(connection, await makeLog(connection, 'idle'), await makeLog(connection, 'idle'));
  }

  /** Milliseconds from the publication to the arrival behind the hop. */
  async sample(event: LineEvent): Promise<number> {
    const arrived = new Promise<void>((resume) => (this.#arrived = resume));
    const startedAtMs = performance.now();
    const to = ++this.#sent;
    await this.#first.send(encodeFrame({ partition: 0, from: to, to, sequencedAtMs: 0, events: [event] }), to);
    await arrived;
    return performance.now() - startedAtMs;
  }

  async close(): Promise<void> {
    this.#ending.abort();
    await this.#first.close();
    await this.#second.close();
    for (const log of [this.from, this.to]) await removeLog(this.connection, log);
  }

  async #pass(): Promise<void> {
    for await (const { bytes, sequence: to } of new NatsInputLog(this.connection, this.from.stream).read(1, this.#ending.signal)) {
      const { events } = decodeFrame(bytes);
      await this.#second.send(encodeFrame({ partition: 0, from: to, to, sequencedAtMs: 0, events }), to);
    }
  }

  async #watch(): Promise<void> {
    for await (const { bytes } of new NatsInputLog(this.connection, this.to.stream).read(1, this.#ending.signal)) {
      decodeFrame(bytes);
      this.#arrived();
    }
  }
}
