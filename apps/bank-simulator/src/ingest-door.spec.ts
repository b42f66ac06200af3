import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Envelope } from '@sp/contracts';
import { afterEach, describe, expect, it } from 'vitest';
import { IngestDoor } from './ingest-door';

// Real: HTTP over the loopback. Faked: the door's answers.

let server: Server | undefined;
afterEach(() => new Promise<void>((done) => (server ? server.close(() => done()) : done())));

async function aDoorThat(answer: (attempt: number, body: Envelope[], response: ServerResponse) => void, port = 0): Promise<string> {
  let attempts = 0;
  server = createServer((request, response) => void bodyOf(request).then((body) => answer(++attempts, body, response)));
  await new Promise<void>((done) => server?.listen(port, '127.0.0.1', done));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function bodyOf(request: IncomingMessage): Promise<Envelope[]> {
  return JSON.parse(Buffer.concat(await request.toArray() as Buffer[]).toString()) as Envelope[];
}

function acceptAll(body: Envelope[], response: ServerResponse): void {
  response.writeHead(202).end(JSON.stringify({ accepted: body.length, duplicates: 0, rejected: 0, items: body.map(({ id }) => ({ id, status: 'accepted' })) }));
}

const anEvent = (id: string): Envelope => ({ specversion: '1.0', id, source: 'test', type: 'client.acted', subject: 'c1', time: '2026-01-05T00:00:00Z', data: { action: 'app-opened' } });

function openDoor(url: string, signal = new AbortController().signal): { door: IngestDoor; reasons: string[] } {
  const reasons: string[] = [];
  return { door: new IngestDoor({ url, signal, onNewReason: (reason, id) => reasons.push(`${reason} (${id})`) }), reasons };
}

describe('the door for events', () => {
  it('sends the same batch again after 503 and 429, not before Retry-After', async () => {
    const heard: { ids: string[]; atMs: number }[] = [];
    const url = await aDoorThat((attempt, body, response) => {
      heard.push({ ids: body.map(({ id }) => id), atMs: performance.now() });
      if (attempt > 2) return acceptAll(body, response);
      response.writeHead(attempt === 1 ? 503 : 429, { 'retry-after': attempt === 1 ? '1' : '0' }).end('{}');
    });
    const { door } = openDoor(url);
    await door.send([anEvent('a'), anEvent('b')]);
    expect(heard.map(({ ids }) => ids)).toEqual([['a', 'b'], ['a', 'b'], ['a', 'b']]);
    expect((heard[1]?.atMs ?? 0) - (heard[0]?.atMs ?? 0)).toBeGreaterThan(900);
    expect(door.counts).toEqual({ accepted: 2, duplicates: 0, rejected: 0, retries: 2 });
  });

  it('waits for a door that is not there yet, and gets over a cut connection', async () => {
    const url = await aDoorThat(() => undefined);
    await new Promise((done) => server?.close(done));
    const { door } = openDoor(url);
    const sent = door.send([anEvent('a')]);
    await new Promise((next) => setTimeout(next, 150));
    await aDoorThat((attempt, body, response) => (attempt === 1 ? response.destroy() : acceptAll(body, response)), Number(new URL(url).port));
    await sent;
    expect(door.counts.accepted).toBe(1);
    expect(door.counts.retries).toBeGreaterThanOrEqual(2);
  });

  it('counts each verdict and tells each reason once', async () => {
    const reason = { code: 'invalid-data', field: 'data.amountMinor', message: 'too small' };
    const items = [{ id: 'a', status: 'rejected', reason }, { id: 'b', status: 'rejected', reason }, { id: 'c', status: 'duplicate' }];
    const url = await aDoorThat((_, __, response) => response.writeHead(207).end(JSON.stringify({ accepted: 0, duplicates: 1, rejected: 2, items })));
    const { door, reasons } = openDoor(url);
    await door.send([anEvent('a'), anEvent('b'), anEvent('c')]);
    expect(door.counts).toMatchObject({ duplicates: 1, rejected: 2 });
    expect(reasons).toEqual(['invalid-data data.amountMinor too small (a)']);
  });

  it('does not repeat what the door refuses as a whole', async () => {
    const url = await aDoorThat((_, __, response) => response.writeHead(400).end('no JSON'));
    const { door, reasons } = openDoor(url);
    await door.send([anEvent('a'), anEvent('b')]);
    expect(door.counts).toMatchObject({ rejected: 2, retries: 0 });
    expect(reasons[0]).toContain('HTTP 400');
  });

  it('gives up when it is told to stop', async () => {
    const stop = new AbortController();
    const url = await aDoorThat((_, __, response) => response.writeHead(503, { 'retry-after': '60' }).end());
    const { door } = openDoor(url, stop.signal);
    setTimeout(() => stop.abort(), 100);
    await expect(door.send([anEvent('a')])).rejects.toThrow();
  });
});
