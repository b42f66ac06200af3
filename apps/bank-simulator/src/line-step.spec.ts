import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { partitionOf } from '@sp/contracts';
import { afterEach, expect, it } from 'vitest';
import { LineStep } from './line-step';

// Real: HTTP over the loopback. Faked: the door's answers.

let server: Server | undefined;
afterEach(() => new Promise<void>((done) => (server ? server.close(() => done()) : done())));

async function aDoorThat(answers: (request: { clientId: string; requestId: string }, attempt: number) => number): Promise<string> {
  let attempts = 0;
  server = createServer(async (request, response) => {
    const body = JSON.parse(Buffer.concat((await request.toArray()) as Buffer[]).toString()) as { clientId: string; requestId: string };
    response.writeHead(answers(body, ++attempts)).end('{}');
  });
  await new Promise<void>((done) => server?.listen(0, '127.0.0.1', done));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

it('asks in every partition, and again by the same request until there is an answer', async () => {
  const asked: string[] = [];
  const url = await aDoorThat(({ clientId, requestId }, attempt) => {
    asked.push(`${partitionOf(clientId, 4)} ${requestId}`);
    return attempt <= 2 ? 504 : 200;
  });
  await new LineStep({ url, partitions: 4, signal: new AbortController().signal }).caughtUp(7);
  expect(asked).toHaveLength(6);
  expect([...new Set(asked)].map((text) => text[0]).sort()).toEqual(['0', '1', '2', '3']);
});

it('is not ready before the last partition has answered', async () => {
  let release = false;
  const url = await aDoorThat(({ clientId }) => (partitionOf(clientId, 2) === 1 && !release ? 504 : 200));
  let ready = false;
  const waiting = new LineStep({ url, partitions: 2, signal: new AbortController().signal }).caughtUp(1).then(() => (ready = true));
  await new Promise((next) => setTimeout(next, 200));
  expect(ready).toBe(false);
  release = true;
  await waiting;
});

it('ends when told to stop, and where the door does not decide', async () => {
  const stop = new AbortController();
  const url = await aDoorThat(() => 504);
  setTimeout(() => stop.abort(), 100);
  await expect(new LineStep({ url, partitions: 1, signal: stop.signal }).caughtUp(1)).rejects.toThrow();
  await new Promise((done) => server?.close(done));
  const deaf = await aDoorThat(() => 404);
  await expect(new LineStep({ url: deaf, partitions: 1, signal: new AbortController().signal }).caughtUp(1)).rejects.toThrow('404');
});
