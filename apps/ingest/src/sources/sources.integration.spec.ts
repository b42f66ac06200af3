import { signedHeaders, type SigningKey } from '@sp/contracts';
import { anEvent, asEnvelope } from '@sp/contracts/testing';
import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startOwnIngest, type OwnIngest } from '../testing/own-ingest';

// Real: nats-server and the built ingest with declared sources, whose file is changed while it runs.
const secretOf = (name: string): string => `${name}-`.repeat(10);
const keyOf = (id: string): SigningKey => ({ id, secret: secretOf(id) });
let ingest: OwnIngest;
let folder: string;
let number = 0;

function declare(...keyIds: readonly string[]): void {
  const cards = { name: 'card system', keys: keyIds.map((id) => (id === 'cards-b' ? { id, secretEnv: 'CARDS_B' } : { id, secret: secretOf(id) })), types: ['transaction.authorised', 'client.acted'], envelopeSources: ['test'] };
  writeFileSync(join(folder, 'sources.json'), JSON.stringify({ sources: [cards, { name: 'operators', keys: [{ id: 'operators', secret: secretOf('operators') }], types: 'all', envelopeSources: 'all', decisions: true }] }));
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sp-sources-'));
  declare('cards-a');
  ingest = await startOwnIngest({ SOURCES_FILE: join(folder, 'sources.json'), CARDS_B: secretOf('cards-b'), HOST: '0.0.0.0' });
}, 60_000);

afterAll(async () => {
  await ingest?.close();
  await rm(folder, { recursive: true, force: true });
}, 60_000);

interface Heard {
  readonly status: number;
  readonly verdict: string | undefined;
}

async function send(path: string, body: string | Buffer, headers: Readonly<Record<string, string>>): Promise<Heard> {
  const response = await fetch(`${ingest.url}${path}`, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: typeof body === 'string' ? body : new Uint8Array(body) });
  const { items } = (await response.json()) as { items?: { status: string; reason?: string }[] };
  return { status: response.status, verdict: items?.[0]?.reason ?? items?.[0]?.status };
}

const event = (over: object = {}): string => JSON.stringify({ ...asEnvelope(anEvent('client.acted', { id: `s-${++number}`, subject: `c-${number}` })), ...over });
const signed = (key: SigningKey, body: string | Buffer, timeMs = Date.now()): Record<string, string> => signedHeaders(key, { id: `r-${++number}`, timeMs, body });
const post = (body: string | Buffer, key: SigningKey): Promise<Heard> => send('/v1/events', body, signed(key, body));

it('takes what is signed, plain or packed, and turns away what is not, wrongly, or long ago', async () => {
  const body = event();
  expect(await post(body, keyOf('cards-a'))).toEqual({ status: 202, verdict: 'accepted' });
  expect(await send('/v1/events', body, {})).toMatchObject({ status: 401 });
  expect(await send('/v1/events', event(), signed(keyOf('cards-a'), body))).toMatchObject({ status: 401 });
  expect(await post(event(), { id: 'cards-a', secret: secretOf('guess') })).toMatchObject({ status: 401 });
  expect(await post(event(), keyOf('nobody'))).toMatchObject({ status: 401 });
  const old = event();
  expect(await send('/v1/events', old, signed(keyOf('cards-a'), old, Date.now() - 600_000))).toMatchObject({ status: 401 });
  const packed = gzipSync(`[${event()}]`);
  expect(await send('/v1/events', packed, { ...signed(keyOf('cards-a'), packed), 'content-encoding': 'gzip' })).toEqual({ status: 202, verdict: 'accepted' });
  const large = ' '.repeat(9_000_000);
  expect((await post(large, keyOf('cards-a'))).status).toBe(413);
});

it('lets a source send what it is declared to, under its own name, and ask only if it may', async () => {
  const rate = JSON.stringify(asEnvelope(anEvent('rate.published', { id: 'rate', subject: 'EUR/USD' })));
  expect(await post(rate, keyOf('cards-a'))).toEqual({ status: 207, verdict: 'not-permitted' });
  expect(await post(event({ source: 'somebody-else' }), keyOf('cards-a'))).toEqual({ status: 207, verdict: 'not-permitted' });
  expect(await post(rate, keyOf('operators'))).toEqual({ status: 202, verdict: 'accepted' });
  const question = JSON.stringify({ clientId: 'c-1' });
  expect((await send('/v1/decisions', question, {})).status).toBe(401);
  expect((await send('/v1/decisions', question, signed(keyOf('cards-a'), question))).status).toBe(403);
  expect((await send('/v1/decisions', question, signed(keyOf('operators'), question))).status).toBe(504);
});

it('changes keys without a stop: both are good, then the new one alone; a file that is wrong changes nothing', async () => {
  const statusOf = async (key: string): Promise<number> => (await post(event(), keyOf(key))).status;
  expect(await statusOf('cards-b')).toBe(401);
  declare('cards-a', 'cards-b');
  await expect.poll(() => statusOf('cards-b'), { timeout: 10_000, interval: 200 }).toBe(202);
  expect(await statusOf('cards-a')).toBe(202);
  declare('cards-b');
  await expect.poll(() => statusOf('cards-a'), { timeout: 10_000, interval: 200 }).toBe(401);
  writeFileSync(join(folder, 'sources.json'), '{ "sources": [');
  await new Promise((resume) => setTimeout(resume, 2_500));
  expect(await statusOf('cards-b')).toBe(202);
}, 60_000);

it('does not open to other machines without keys', async () => {
  const said: string[] = [];
  await expect(ingest.start('another', { SOURCES_FILE: '', HOST: '0.0.0.0' }, (line) => said.push(line))).rejects.toThrow();
  expect(said.join('\n')).toContain('listens on 127.0.0.1 only');
}, 60_000);
