import type { LogName } from '@sp/contracts';
import { AckPolicy, type NatsConnection } from 'nats';
import { BarePublisher } from './bare-publisher';
import { EventMix } from './event-mix';

/** One JSON message for each event. */
export async function fillWithMessages(connection: NatsConnection, log: LogName, events: number): Promise<void> {
  const publisher = new BarePublisher(connection, log.subject, 64);
  const encoder = new TextEncoder();
  let number = 0;
  for (const event of new EventMix().take(events)) await publisher.send(encoder.encode(JSON.stringify(event)), ++number);
  await publisher.close();
}

/**
 * The usual way: a durable consumer, each message parsed, published with `js.publish` under its own id, and acknowledged after that,
 * sixty-four at a time. Answers events/s.
 */
export async function messageAnEvent(connection: NatsConnection, input: LogName, output: LogName, events: number, longestMs: number): Promise<number> {
  const manager = await connection.jetstreamManager();
  const durable = `usual-${output.stream}`;
  await manager.consumers.add(input.stream, { durable_name: durable, ack_policy: AckPolicy.Explicit, max_ack_pending: 256 });
  const messages = await (await connection.jetstream().consumers.get(input.stream, durable)).consume({ max_messages: 256 });
  const client = connection.jetstream();
  const working = new Set<Promise<void>>();
  const startedAtMs = performance.now();
  let taken = 0;
  for await (const message of messages) {
    const event = message.json<{ id: string }>();
    const work = client.publish(output.subject, JSON.stringify(event), { msgID: event.id }).then(() => message.ack());
    working.add(work);
    void work.finally(() => working.delete(work));
    if (working.size >= 64) await Promise.race(working);
    if (++taken === events || performance.now() - startedAtMs > longestMs) break;
  }
  await Promise.all(working);
  const seconds = (performance.now() - startedAtMs) / 1_000;
  void messages.close();
  return taken / seconds;
}
