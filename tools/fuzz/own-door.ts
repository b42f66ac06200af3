import { freePort, startNats, startService } from '@sp/testing';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface OwnDoor {
  readonly url: string;
  /** Every line that ingest has said. */
  readonly said: readonly string[];
  /** Is it the process that was started? */
  isAlive(): boolean;
  close(): Promise<void>;
}

/** The built ingest with a nats-server of its own in a temporary folder; the stages behind it are left out. */
export async function openOwnDoor(): Promise<OwnDoor> {
  const folder = await mkdtemp(join(tmpdir(), 'sp-fuzz-'));
  const said: string[] = [];
  const nats = await startNats({ folder: join(folder, 'nats'), sync: 'default' });
  const env = { NATS_URL: nats.url, CLICKHOUSE_URL: `http://127.0.0.1:${await freePort()}`, DATA_FOLDER: join(folder, 'ingest'), CLOCK: 'events', PARTITIONS: '2', MAXIMUM_LAG_SECONDS: '1000000', LOG_LEVEL: 'debug' };
  const ingest = await startService('ingest', { env, onLine: (line) => said.push(line) });
  return {
    url: ingest.url,
    said,
    isAlive: () => ingest.running && ingest.restarts === 0,
    close: async () => {
      await ingest.stop(15_000);
      await nats.stop(15_000);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
