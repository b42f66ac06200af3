import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { acceptEvent, identityOf } from '@sp/contracts';
import { onTestFinished } from 'vitest';

/** Says what a request gets instead of the door's own answer; `undefined`: nothing else. */
export type Trouble = (request: number) => 'busy' | 'cut-before' | 'cut-after' | 'gone' | 'short' | 'too-large' | undefined;

export interface ListeningDoor {
  readonly url: string;
  /** Ids in the order of their acceptance. */
  readonly accepted: string[];
  readonly acceptedTimesMs: number[];
  readonly contentTypes: Set<string>;
  requests: number;
  inFlight: number;
  mostInFlight: number;
}

/** A real HTTP server that judges by the contracts and answers as ingest does: a stand-in for the line behind it, not for the door. */
export async function listeningDoor(trouble: Trouble = () => undefined): Promise<ListeningDoor> {
  const door = { url: '', accepted: [] as string[], acceptedTimesMs: [] as number[], contentTypes: new Set<string>(), requests: 0, inFlight: 0, mostInFlight: 0 };
  const seen = new Set<string>();
  const server = createServer((request, response) => void serve(request, response));
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    door.inFlight += 1;
    door.mostInFlight = Math.max(door.mostInFlight, door.inFlight);
    response.on('close', () => (door.inFlight -= 1));
    door.requests += 1;
    const mood = trouble(door.requests);
    const body = await bodyOf(request);
    door.contentTypes.add(request.headers['content-type'] ?? '');
    if (mood === 'cut-before') return void request.socket.destroy();
    if (mood === 'busy') return void response.writeHead(503, { 'retry-after': '0.05' }).end();
    if (mood === 'too-large') return void response.writeHead(413).end();
    if (mood === 'gone') return void response.writeHead(404).end('no such door');
    const items = (JSON.parse(body) as unknown[]).map((value) => judge(value, seen, door));
    if (mood === 'cut-after') return void request.socket.destroy();
    const counts = Object.fromEntries((['accepted', 'duplicate', 'rejected'] as const).map((status) => [status, items.filter((item) => item.status === status).length]));
    const answer = { accepted: counts['accepted'], duplicates: counts['duplicate'], rejected: counts['rejected'], items: mood === 'short' ? items.slice(1) : items };
    response.writeHead(items.every(({ status }) => status === 'accepted') ? 202 : 207, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  };
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  door.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  onTestFinished(() => new Promise<void>((closed) => (server.closeAllConnections(), server.close(() => closed()))));
  return door;
}

function judge(value: unknown, seen: Set<string>, door: Pick<ListeningDoor, 'accepted' | 'acceptedTimesMs'>): { id: string; status: 'accepted' | 'duplicate' | 'rejected'; reason?: string; field?: string } {
  const acceptance = acceptEvent(value);
  if (!acceptance.ok) return { id: acceptance.id, status: 'rejected', reason: acceptance.reject.code, field: acceptance.reject.field };
  const { event } = acceptance;
  const identity = identityOf(event);
  if (seen.has(identity)) return { id: event.id, status: 'duplicate' };
  seen.add(identity);
  door.accepted.push(event.id);
  door.acceptedTimesMs.push(event.timeMs);
  return { id: event.id, status: 'accepted' };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
