import { randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join, resolve } from 'node:path';
import { findNatsServer } from './find-nats-server';
import { freePort } from './free-port';
import { repositoryFolder } from './repository-folder';
import { startProcess } from './start-process';
import type { ProcessHandle, ProcessOptions } from './start-process';

export interface NatsOptions extends Pick<ProcessOptions, 'logPrefix' | 'onLine' | 'onDeath'> {
  readonly folder: string;
  readonly port?: number;
  /** `always`: every acknowledged message is on the disk; `default`: within two minutes, enough where no power cut is meant. */
  readonly sync: 'always' | 'default';
  /** The `authorization` block: who may connect, and do what. Everybody when not given. */
  readonly authorization?: string;
  /** The program; found (and fetched once) when not given. */
  readonly server?: string;
}

export interface NatsHandle extends ProcessHandle {
  readonly url: string;
  readonly port: number;
}

/** A nats-server with JetStream in a folder of its own; ready when it answers with JetStream on. */
export async function startNats(options: NatsOptions): Promise<NatsHandle> {
  const folder = resolve(options.folder);
  const port = options.port ?? (await freePort());
  const command = options.server ?? (await findNatsServer(join(repositoryFolder(), '.cache')));
  await mkdir(folder, { recursive: true });
  const configFile = join(folder, 'nats-server.conf');
  const name = `sp-${randomUUID()}`;
  await writeFile(configFile, natsConfig({ name, folder, port, sync: options.sync }) + (options.authorization ?? ''));
  const { logPrefix, onLine, onDeath } = options;
  const handle = await startProcess({
    name: 'nats-server',
    command,
    args: ['--config', configFile],
    isReady: () => offersJetStream(port, name),
    ...(logPrefix === undefined ? {} : { logPrefix }),
    ...(onLine ? { onLine } : {}),
    ...(onDeath ? { onDeath } : {}),
  });
  return Object.assign(handle, { url: `nats://127.0.0.1:${port}`, port });
}

/** The same bounds as deploy/nats/nats-server.conf; there the addresses, users and sizes are the bank's. */
export function natsConfig({ name, folder, port, sync }: { name: string; folder: string; port: number; sync: 'always' | 'default' }): string {
  return [
    `server_name: "${name}"`,
    `listen: "127.0.0.1:${port}"`,
    'max_payload: 8MB',
    'max_pending: 128MB',
    'write_deadline: "10s"',
    'jetstream {',
    `  store_dir: ${JSON.stringify(join(folder, 'jetstream'))}`,
    '  max_memory_store: 256MB',
    '  max_file_store: 1TB',
    ...(sync === 'always' ? ['  sync_interval: always'] : []),
    '}',
    '',
  ].join('\n');
}

/** The first line that a server says to a client is `INFO {…}`; its name tells ours from another one on a taken port. */
function offersJetStream(port: number, name: string): Promise<boolean> {
  return new Promise((settle) => {
    const socket = connect({ host: '127.0.0.1', port, timeout: 2_000 });
    let said = '';
    const end = (ready: boolean): void => {
      socket.destroy();
      settle(ready);
    };
    socket.on('error', () => end(false));
    socket.on('timeout', () => end(false));
    socket.on('close', () => settle(false));
    socket.on('data', (chunk) => {
      said += chunk.toString();
      if (said.includes('\r\n')) end(said.includes(name) && /"jetstream":\s*true/.test(said));
    });
  });
}
