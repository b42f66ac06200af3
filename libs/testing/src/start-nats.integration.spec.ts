/** Real: nats-server, its folder, processes and signals. Faked: nothing. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, RetentionPolicy, StorageType } from 'nats';
import type { NatsConnection } from 'nats';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { repositoryFolder } from './repository-folder';
import { natsConfig, startNats } from './start-nats';
import type { NatsHandle } from './start-nats';

let folder: string;
let nats: NatsHandle;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sp-nats-'));
  nats = await startNats({ folder, sync: 'always' });
});

afterEach(async () => {
  await nats.stop();
  await rm(folder, { recursive: true, force: true });
});

async function withConnection<T>(work: (connection: NatsConnection) => Promise<T>): Promise<T> {
  const connection = await connect({ servers: nats.url, reconnect: false });
  try {
    return await work(connection);
  } finally {
    await connection.close();
  }
}

async function publishOne(connection: NatsConnection): Promise<void> {
  const streams = (await connection.jetstreamManager()).streams;
  await streams.add({ name: 'KEPT', subjects: ['kept'], storage: StorageType.File, retention: RetentionPolicy.Limits });
  await connection.jetstream().publish('kept', 'before the kill');
}

function messagesKept(connection: NatsConnection): Promise<number> {
  return connection.jetstreamManager().then(async (manager) => (await manager.streams.info('KEPT')).state.messages);
}

describe('a nats-server of the harness', () => {
  it('keeps acknowledged messages through kill -9 and a restart on the same folder and port', async () => {
    await withConnection(publishOne);
    const { pid, port } = nats;
    expect((await nats.kill()).signal).toBe('SIGKILL');
    expect(nats.running).toBe(false);
    await nats.restart();
    expect(nats.pid).not.toBe(pid);
    expect(nats.port).toBe(port);
    expect(await withConnection(messagesKept)).toBe(1);
  });

  it('ends by itself when it is asked to stop, without being killed', async () => {
    expect(await nats.stop()).not.toMatchObject({ signal: 'SIGKILL' });
    await expect(connect({ servers: nats.url, reconnect: false })).rejects.toThrow();
  });

  it('says what the server said when it cannot start', async () => {
    const second = startNats({ folder: join(folder, 'second'), port: nats.port, sync: 'default' });
    await expect(second).rejects.toThrow(/address already in use/);
  });

  it('takes frames of several megabytes', async () => {
    expect(await withConnection((connection) => Promise.resolve(connection.info?.max_payload))).toBe(8 * 1024 * 1024);
  });
});

describe('the settings of a deployed server', () => {
  it('have the same bounds as those of the harness', async () => {
    const deployed = await readFile(join(repositoryFolder(), 'deploy/nats/nats-server.conf'), 'utf8');
    const bounds = natsConfig({ name: 'any', folder, port: 0, sync: 'always' }).split('\n').filter((line) => !/listen|store_dir|server_name/.test(line));
    for (const bound of bounds) expect(deployed).toContain(bound);
  });
});
