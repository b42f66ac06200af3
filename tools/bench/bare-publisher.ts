import { createInbox, headers, type Msg, type NatsConnection, type Subscription } from 'nats';

/**
 * Publishes into a stream as cheaply as the protocol allows and no cheaper: each message names its predecessor (the fence), four are in
 * flight, and every acknowledgement is checked, through one inbox for all. The raw limit that the system is held against.
 */
export class BarePublisher {
  readonly #inbox = createInbox();
  readonly #acknowledgements: Subscription;
  #inFlight = 0;
  #last: string | undefined;
  #failure: Error | undefined;
  #resume: (() => void) | undefined;

  constructor(
    private readonly connection: NatsConnection,
    private readonly subject: string,
    private readonly window = 4,
  ) {
    this.#acknowledgements = connection.subscribe(this.#inbox, { callback: (error, message) => this.#acknowledged(error, message) });
  }

  /** `to` is the message's number in its stream, from 1. */
  async send(bytes: Uint8Array, to: number): Promise<void> {
    while (this.#inFlight >= this.window) await this.#change();
    const header = headers();
    const id = `${to}:bench`;
    header.set('Nats-Msg-Id', id);
    if (this.#last === undefined) header.set('Nats-Expected-Last-Sequence', '0');
    else header.set('Nats-Expected-Last-Msg-Id', this.#last);
    this.#last = id;
    this.#inFlight++;
    this.connection.publish(this.subject, bytes, { headers: header, reply: this.#inbox });
    if (to === 1) await this.settle();
  }

  /** Resolves when everything sent is acknowledged. */
  async settle(): Promise<void> {
    while (this.#inFlight > 0) await this.#change();
  }

  async close(): Promise<void> {
    await this.settle();
    this.#acknowledgements.unsubscribe();
  }

  async #change(): Promise<void> {
    await new Promise<void>((resume) => (this.#resume = resume));
    if (this.#failure) throw this.#failure;
  }

  #acknowledged(error: Error | null, message: Msg): void {
    this.#inFlight--;
    const problem = error?.message ?? message.json<{ error?: { description: string } }>().error?.description;
    if (problem !== undefined) this.#failure = new Error(`a publish was refused: ${problem}`);
    this.#resume?.();
  }
}
