import type { LogName } from '@sp/contracts';
import { decodeFrame, encodeFrame } from '@sp/dataflow';
import { DeliverPolicy, type NatsConnection } from 'nats';
import { BarePublisher } from './bare-publisher';
import type { FilledLog } from './bench-log';

/** What went through, and in what time. */
export interface Passed {
  readonly events: number;
  readonly seconds: number;
}

/**
 * The ceiling: reads frames, decodes and encodes them with the same codec, writes them through the fence.
 * It ends when the log is through or the time is up.
 */
export async function bareHop(connection: NatsConnection, input: FilledLog, output: LogName, longestMs: number): Promise<Passed> {
  const consumer = await connection.jetstream().consumers.get(input.stream, { deliver_policy: DeliverPolicy.StartSequence, opt_start_seq: 1 });
  const messages = await consumer.consume({ max_messages: 256, idle_heartbeat: 1_000, expires: 10_000 });
  const publisher = new BarePublisher(connection, output.subject);
  let startedAtMs = 0;
  let frames = 0;
  for await (const message of messages) {
    startedAtMs ||= performance.now();
    const { partition, sequencedAtMs, events } = decodeFrame(message.data);
    const to = message.seq;
    await publisher.send(encodeFrame({ partition, from: to, to, sequencedAtMs, events }), to);
    frames = to;
    if (to === input.frames || performance.now() - startedAtMs > longestMs) break;
  }
  await publisher.settle();
  const seconds = (performance.now() - startedAtMs) / 1_000;
  void messages.close();
  await publisher.close();
  return { events: frames * input.frameEvents, seconds };
}
