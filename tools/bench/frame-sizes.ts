import type { Line } from '@sp/testing';
import { DoorClient } from './door-client';
import { envelopeOf, type EventMix } from './event-mix';
import { metricsOf, sumOf } from './process-cpu';

/** Requests of one event each, so many a second. */
const loads = [20, 200, 1_000];
const secondsEach = 1.5;
const paceMs = 10;
/** As many clients as would send at once. */
const connections = 64;

/** How many events a frame of the line holds at each load: nobody waits to fill one, it grows while the one before it is on its way. */
export async function frameSizes(line: Line, mix: EventMix): Promise<string> {
  const door = new DoorClient(line.urls.ingest, connections);
  const sizes: string[] = [];
  for (const load of loads) sizes.push(`${(await eventsAFrame(line, () => paced(door, mix, load))).toFixed(1)} at ${load}/s`);
  door.close();
  return sizes.join(', ');
}

/** Mean over the frames that the feature store reads meanwhile. */
export async function eventsAFrame({ urls }: Line, work: () => Promise<unknown>): Promise<number> {
  const read = async (): Promise<{ events: number; frames: number }> => {
    const metrics = await metricsOf(urls['feature-store']);
    return { events: sumOf(metrics, 'stage_events_total'), frames: sumOf(metrics, 'stage_frames_total') };
  };
  const before = await read();
  await work();
  const after = await read();
  return (after.events - before.events) / Math.max(1, after.frames - before.frames);
}

async function paced(door: DoorClient, mix: EventMix, load: number): Promise<void> {
  const [requests, startedAtMs] = [[] as Promise<unknown>[], performance.now()];
  for (let sent = 0; sent < load * secondsEach; ) {
    const due = Math.min(load * secondsEach, ((performance.now() - startedAtMs) * load) / 1_000);
    for (; sent < due; sent++) requests.push(door.post(JSON.stringify(mix.take(1).map(envelopeOf))));
    await new Promise((resume) => setTimeout(resume, paceMs));
  }
  await Promise.all(requests);
}
