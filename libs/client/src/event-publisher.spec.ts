import type { Envelope } from '@sp/contracts';
import { anEvent, asEnvelope } from '@sp/contracts/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { eventIdOf } from './event-id';
import { EventPublisher, type PublisherOptions } from './event-publisher';
import { NotDeliveredError, RefusedRequestError, type Resend } from './events-door';
import { ListeningDoor, type Step } from './testing/listening-door';

// Real: HTTP. The door is a server that does as it is told; ingest itself is in event-publisher.integration.spec.ts.
let door: ListeningDoor;
afterEach(() => door.close());

const event = (id: string): Envelope => asEnvelope(anEvent('client.acted', { id })) as Envelope;
const ids = (count: number): string[] => Array.from({ length: count }, (_, index) => `e-${index}`);

async function publisherTo(script: Step[], options: Partial<PublisherOptions> = {}): Promise<EventPublisher> {
  door = await ListeningDoor.open(script);
  return new EventPublisher({ url: door.url, maximumDelayMs: 5, ...options });
}

describe('batches', () => {
  it('go out by number, in the order of the callers', async () => {
    const publisher = await publisherTo([], { maximumBatchEvents: 4, maximumDelayMs: 60_000 });
    const verdicts = Promise.all(ids(10).map((id) => publisher.publish(event(id))));
    await publisher.flush();
    expect((await verdicts).map(({ id, status }) => [id, status])).toEqual(ids(10).map((id) => [id, 'accepted']));
    expect(door.batches).toEqual([ids(10).slice(0, 4), ids(10).slice(4, 8), ids(10).slice(8)]);
    expect(new Set(door.contentTypes)).toEqual(new Set(['application/cloudevents-batch+json']));
  });

  it('go out by bytes', async () => {
    const bytes = JSON.stringify(event('e-0')).length;
    const publisher = await publisherTo([], { maximumBatchBytes: 3 * bytes, maximumDelayMs: 60_000 });
    for (const id of ids(9)) await publisher.enqueue(event(id));
    await publisher.close();
    expect(door.batches.map(({ length }) => length)).toEqual([3, 3, 3]);
  });

  it('go out after a while when nothing more comes', async () => {
    const publisher = await publisherTo([]);
    expect(await publisher.publish(event('alone'))).toMatchObject({ status: 'accepted' });
  });

  it('gather while another one is under way', async () => {
    const publisher = await publisherTo([]);
    let answer = (): void => undefined;
    door.answerAfter = new Promise((resume) => (answer = resume));
    const first = publisher.publish(event('first'));
    while (door.batches.length === 0) await new Promise((resume) => setTimeout(resume, 2));
    const others = ids(50).map((id) => publisher.publish(event(id)));
    answer();
    await Promise.all([first, ...others]);
    expect(door.batches).toEqual([['first'], ids(50)]);
  });
});

describe('what is not taken at once', () => {
  it.each<[string, Step]>([
    ['a full door', { status: 503, headers: { 'retry-after': '0' } }],
    ['a door with too many callers', { status: 429 }],
    ['a gateway', { status: 502 }],
    ['a failing door', { status: 500 }],
    ['a broken connection', 'hang-up'],
  ])('is sent again after %s', async (_what, step) => {
    const resends: Resend[] = [];
    const publisher = await publisherTo([step, step], { onResend: (resend) => resends.push(resend) });
    expect(await publisher.publish(event('e'))).toMatchObject({ status: 'accepted' });
    expect(door.batches).toEqual([['e'], ['e'], ['e']]);
    expect(resends.map(({ attempt }) => attempt)).toEqual([1, 2]);
  });

  it('waits as long as the door says', async () => {
    const publisher = await publisherTo([{ status: 503, headers: { 'retry-after': '1' } }]);
    await publisher.publish(event('e'));
    expect(door.arrivedAtMs[1]! - door.arrivedAtMs[0]!).toBeGreaterThanOrEqual(990);
  });

  it('is known again where only the answer was lost', async () => {
    const publisher = await publisherTo(['take-and-hang-up']);
    expect(await publisher.publish(event('e'))).toEqual({ id: 'e', status: 'duplicate' });
    expect(door.taken).toEqual(['e']);
  });

  it('goes out in halves where it is too large for one request', async () => {
    const publisher = await publisherTo([{ status: 413 }, { status: 413 }], { maximumBatchEvents: 4, maximumDelayMs: 60_000 });
    const verdicts = await Promise.all(ids(4).map((id) => publisher.publish(event(id))));
    expect(verdicts.map(({ id }) => id)).toEqual(ids(4));
    expect(door.batches.map(({ length }) => length)).toEqual([4, 2, 1, 1, 2]);
  });

  it('has a verdict of its own where it alone is too large', async () => {
    const publisher = await publisherTo([{ status: 413 }]);
    expect(await publisher.publish(event('huge'))).toMatchObject({ id: 'huge', status: 'rejected', reason: 'too-large' });
  });

  it('fails when the door stays away, and can be sent again', async () => {
    const publisher = await publisherTo(['hang-up', 'hang-up', 'hang-up', 'hang-up'], { giveUpAfterMs: 120 });
    await expect(publisher.publish(event('e'))).rejects.toThrow(NotDeliveredError);
    while (true) {
      const again = await publisher.publish(event('e')).catch(() => undefined);
      if (again) return expect(again).toMatchObject({ id: 'e', status: 'accepted' });
    }
  });

  it('is not sent again where the door will never take it', async () => {
    const publisher = await publisherTo([{ status: 401, body: 'no credentials' }], { headers: () => ({ authorization: 'none' }) });
    await expect(publisher.publish(event('e'))).rejects.toThrow(RefusedRequestError);
    expect(door.batches).toHaveLength(1);
  });

  it('fails at once when the caller ends it', async () => {
    const ending = new AbortController();
    const publisher = await publisherTo([{ status: 503, headers: { 'retry-after': '60' } }], { signal: ending.signal, onResend: () => ending.abort() });
    await expect(publisher.publish(event('e'))).rejects.toThrow(NotDeliveredError);
  });
});

it('gives each event its verdict', async () => {
  const publisher = await publisherTo([]);
  const verdicts = await Promise.all(['a', 'bad-1', 'a'].map((id) => publisher.publish(event(id))));
  expect(verdicts.map(({ status }) => status)).toEqual(['accepted', 'rejected', 'duplicate']);
  expect(verdicts[1]).toMatchObject({ reason: 'invalid-data', field: 'data.x' });
});

it('takes no more than its queue holds until the door has answered', async () => {
  const publisher = await publisherTo([], { maximumQueueEvents: 5, maximumBatchEvents: 2 });
  let answer = (): void => undefined;
  door.answerAfter = new Promise((resume) => (answer = resume));
  const handed: string[] = [];
  const all = Promise.all(ids(12).map(async (id) => {
    await publisher.enqueue(event(id));
    handed.push(id);
  }));
  while (door.batches.length === 0) await new Promise((resume) => setTimeout(resume, 2));
  expect(handed).toEqual(ids(5));
  answer();
  await all;
  await publisher.close();
  expect(door.taken).toEqual(ids(12));
  await expect(publisher.enqueue(event('late'))).rejects.toThrow('closed');
});

it('waits in a flush for those too who had no room yet', async () => {
  const publisher = await publisherTo([], { maximumQueueEvents: 3, maximumDelayMs: 60_000 });
  const handing = ids(10).map((id) => publisher.enqueue(event(id)));
  await publisher.flush();
  expect(door.taken).toEqual(ids(10));
  await Promise.all(handing);
});

it('makes the same id of the same parts, and another one of others', () => {
  door = { close: () => Promise.resolve() } as ListeningDoor;
  expect(eventIdOf('bookings', 17, 'v1')).toBe(eventIdOf('bookings', 17, 'v1'));
  expect(new Set([eventIdOf('a', 'b'), eventIdOf('ab'), eventIdOf('a\u001fb'), eventIdOf('a', 1), eventIdOf('a', '1')]).size).toBe(5);
});
