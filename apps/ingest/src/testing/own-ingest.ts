import { freePort, startNats, startService, type ServiceHandle } from '@sp/testing';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface OwnIngest {
  readonly url: string;
  readonly natsUrl: string;
  readonly natsPid: number;
  readonly folder: string;
  /** Another process on the same logs, with a data folder of that name. */
  start(dataFolder: string, env?: Readonly<Record<string, string>>, onLine?: (line: string) => void): Promise<ServiceHandle>;
  readonly service: ServiceHandle;
  close(): Promise<void>;
}

/** The built ingest with a nats-server of its own in a temporary folder; no later stage, and a ClickHouse that is away. */
export async function startOwnIngest(env: Readonly<Record<string, string>> = {}): Promise<OwnIngest> {
  const folder = await mkdtemp(join(tmpdir(), 'sp-ingest-'));
  const nats = await startNats({ folder: join(folder, 'nats'), sync: 'default' });
  const services: ServiceHandle[] = [];
  const start = async (dataFolder: string, more: Readonly<Record<string, string>> = {}, onLine?: (line: string) => void): Promise<ServiceHandle> => {
    const usual = { NATS_URL: nats.url, CLICKHOUSE_URL: `http://127.0.0.1:${await freePort()}`, DATA_FOLDER: join(folder, dataFolder), CLOCK: 'events', PARTITIONS: '2', MAXIMUM_LAG_SECONDS: '1000000', LOG_LEVEL: 'warn' };
    const service = await startService('ingest', { env: { ...usual, ...env, ...more }, ...(onLine && { onLine }) });
    services.push(service);
    return service;
  };
  const service = await start('ingest');
  return {
    url: service.url, natsUrl: nats.url, natsPid: nats.pid, folder, start, service,
    close: async () => {
      for (const started of services) await started.stop(15_000);
      await nats.stop(15_000);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
