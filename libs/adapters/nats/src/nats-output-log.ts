import type { LogName } from '@sp/contracts';
import type { AppendResult, Fence, LastFrame, OutputFrame, OutputLog } from '@sp/dataflow';
import { headers, NatsError, type JetStreamManager, type Msg, type NatsConnection } from 'nats';
import { inboxOf } from './connect-nats';

/** JetStream's codes for an expectation that did not hold: sequence, message id. */
const fencedCodes = new Set([10071, 10070]);
const noMessage = 10037;

interface Acknowledgement {
  readonly seq?: number;
  readonly error?: { readonly err_code?: number; readonly description?: string };
}

/**
 * The tail of one stream that has one writer at a time. Acknowledgements come to one inbox of its own, told apart by the last part of
 * the subject: a tenth of what `js.publish` costs a message.
 */
export class NatsOutputLog implements OutputLog {
  readonly #inbox: string;
  readonly #waiting = new Map<string, (result: AppendResult) => void>();
  #isListening = false;
  #number = 0;
  #manager: JetStreamManager | undefined;

  constructor(
    private readonly connection: NatsConnection,
    private readonly log: LogName,
    private readonly timeoutMs = 5_000,
  ) {
    this.#inbox = inboxOf(connection);
  }

  async last(): Promise<LastFrame | undefined> {
    this.#manager ??= await this.connection.jetstreamManager({ timeout: this.timeoutMs });
    try {
      const message = await this.#manager.streams.getMessage(this.log.stream, { last_by_subj: this.log.subject });
      const id = message.header.get('Nats-Msg-Id');
      return { sequence: message.seq, to: Number(id.slice(0, id.indexOf(':'))), id };
    } catch (error) {
      if (!(error instanceof NatsError) || error.api_error?.err_code !== noMessage) throw error;
      const { state } = await this.#manager.streams.info(this.log.stream);
      return state.last_seq === 0 ? undefined : { sequence: state.last_seq, to: Number.NaN, id: '' };
    }
  }

  append(frame: OutputFrame, id: string, fence: Fence): Promise<AppendResult> {
    const header = headers();
    header.set('Nats-Msg-Id', id);
    if ('lastId' in fence) header.set('Nats-Expected-Last-Msg-Id', fence.lastId);
    else header.set('Nats-Expected-Last-Sequence', String(fence.lastSequence));
    const token = String(++this.#number);
    return new Promise((settle) => {
      const timer = setTimeout(() => this.#settle(token, { kind: 'unknown', cause: new Error(`no acknowledgement in ${this.timeoutMs} ms`) }), this.timeoutMs);
      this.#waiting.set(token, (result) => {
        clearTimeout(timer);
        settle(result);
      });
      try {
        this.#listen();
        this.connection.publish(this.log.subject, frame.bytes, { headers: header, reply: `${this.#inbox}.${token}` });
      } catch (cause) {
        this.#settle(token, { kind: 'unknown', cause });
      }
    });
  }

  /** Once, at the first append; the client asks for it again itself after a reconnect. */
  #listen(): void {
    if (this.#isListening) return;
    const prefix = this.#inbox.length + 1;
    this.connection.subscribe(`${this.#inbox}.*`, {
      callback: (error, message) => {
        if (!error) this.#settle(message.subject.slice(prefix), resultOf(message));
      },
    });
    this.#isListening = true;
  }

  /** An answer that comes after its time-out finds nobody: what it says is read from the log's end. */
  #settle(token: string, result: AppendResult): void {
    this.#waiting.get(token)?.(result);
    this.#waiting.delete(token);
  }
}

/** An empty message with a status says that no stream listens (the server or its stream is away). */
function resultOf(message: Msg): AppendResult {
  try {
    const { seq, error } = message.json<Acknowledgement>();
    if (error === undefined && seq !== undefined) return { kind: 'stored', sequence: seq };
    return error?.err_code !== undefined && fencedCodes.has(error.err_code) ? { kind: 'fenced' } : { kind: 'unknown', cause: new Error(error?.description ?? 'an answer without a sequence') };
  } catch (cause) {
    return { kind: 'unknown', cause };
  }
}
