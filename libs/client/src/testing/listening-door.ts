import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a scripted door does with one request; without an entry it takes everything. */
export type Step = { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: string } | 'hang-up' | 'take-and-hang-up';

/** A real HTTP server in the place of ingest, which remembers ids like ingest and can be told to fail. */
export class ListeningDoor {
  readonly batches: string[][] = [];
  readonly taken: string[] = [];
  readonly arrivedAtMs: number[] = [];
  readonly contentTypes: (string | undefined)[] = [];
  answerAfter: Promise<void> = Promise.resolve();
  readonly #server: Server;

  private constructor(private readonly script: Step[]) {
    this.#server = createServer((request, response) => void this.#handle(request, response));
  }

  static async open(script: Step[] = []): Promise<ListeningDoor> {
    const door = new ListeningDoor(script);
    await new Promise<void>((resume) => door.#server.listen(0, '127.0.0.1', resume));
    return door;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resume) => this.#server.close(resume));
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.arrivedAtMs.push(performance.now());
    this.contentTypes.push(request.headers['content-type']);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const ids = (JSON.parse(Buffer.concat(chunks).toString()) as { id: string }[]).map(({ id }) => id);
    this.batches.push(ids);
    await this.answerAfter;
    const step = this.script.shift();
    if (step === 'hang-up') return void request.socket.destroy();
    if (typeof step === 'object') return void response.writeHead(step.status, { ...step.headers }).end(step.body ?? '{"message":"as told"}');
    const answer = this.#take(ids);
    if (step === 'take-and-hang-up') return void request.socket.destroy();
    response.writeHead(202, { 'content-type': 'application/json' }).end(answer);
  }

  #take(ids: readonly string[]): string {
    const items = ids.map((id) => {
      if (id.startsWith('bad')) return { id, status: 'rejected', reason: 'invalid-data', field: 'data.x', message: 'is bad' };
      if (this.taken.includes(id)) return { id, status: 'duplicate' };
      this.taken.push(id);
      return { id, status: 'accepted' };
    });
    const count = (status: string): number => items.filter((item) => item.status === status).length;
    return JSON.stringify({ accepted: count('accepted'), duplicates: count('duplicate'), rejected: count('rejected'), items });
  }
}
