import type { LogName } from '@sp/contracts';
import type { AppendResult, Fence, LastFrame, OutputFrame, OutputLog } from '@sp/dataflow';
import { headers, NatsError, type JetStreamClient, type JetStreamManager, type NatsConnection } from 'nats';

/** JetStream's codes for an expectation that did not hold: sequence, message id. */
const fencedCodes = new Set([10071, 10070]);
const noMessage = 10037;

/** The tail of one stream that has one writer at a time. */
export class NatsOutputLog implements OutputLog {
  readonly #client: JetStreamClient;
  #manager: JetStreamManager | undefined;

  constructor(
    private readonly connection: NatsConnection,
    private readonly log: LogName,
    private readonly timeoutMs = 5_000,
  ) {
    this.#client = connection.jetstream({ timeout: timeoutMs });
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

  async append(frame: OutputFrame, id: string, fence: Fence): Promise<AppendResult> {
    const header = headers();
    header.set('Nats-Msg-Id', id);
    if ('lastId' in fence) header.set('Nats-Expected-Last-Msg-Id', fence.lastId);
    else header.set('Nats-Expected-Last-Sequence', String(fence.lastSequence));
    try {
      const acknowledgement = await this.#client.publish(this.log.subject, frame.bytes, { headers: header, timeout: this.timeoutMs });
      return { kind: 'stored', sequence: acknowledgement.seq };
    } catch (error) {
      const code = error instanceof NatsError ? error.api_error?.err_code : undefined;
      return code !== undefined && fencedCodes.has(code) ? { kind: 'fenced' } : { kind: 'unknown', cause: error };
    }
  }
}
