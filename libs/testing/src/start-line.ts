import { natsAuthorization, natsRights } from '@sp/contracts';
import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { openDataFolder } from './data-folder';
import type { LineClock } from './data-folder';
import { findNatsServer } from './find-nats-server';
import { freePort } from './free-port';
import { LINE_SERVICES, environmentOf, fixedPort, natsUrlOf, urlOf } from './line-services';
import type { LinePart, LinePasswords, LineService, LineWiring } from './line-services';
import { timed } from './progress';
import type { Say } from './progress';
import { repositoryFolder } from './repository-folder';
import { runToEnd } from './run-to-end';
import { startNats } from './start-nats';
import type { ProcessHandle } from './start-process';
import { builtFile, requireFreePort, startService } from './start-service';

export interface LineOptions {
  readonly folder: string;
  readonly clock: LineClock;
  readonly sync: 'always' | 'default';
  /** All six when not given. */
  readonly services?: readonly LineService[];
  /** `fixed`: the ports of the documentation; `free` (the default): any, so that several lines run side by side. */
  readonly ports?: 'fixed' | 'free';
  readonly partitions?: number;
  /** Each service is a user of its own at the log, with a password and the least rights, as deployed; else the log is open. */
  readonly usersAtLog?: boolean;
  /** Given to every process of the line. */
  readonly env?: Readonly<Record<string, string>>;
  /** One line a step. */
  readonly onProgress?: Say;
  /** Prints what the processes say, each behind its name. */
  readonly logs?: boolean;
  /** Every line that a process says. */
  readonly onLine?: (process: string, line: string) => void;
}

export interface Line {
  readonly urls: Readonly<Record<LinePart, string>>;
  /** In the order of their start. */
  readonly processes: ReadonlyMap<LinePart, ProcessHandle>;
  /** Ends everything in the order of the line, its servers last. */
  stop(onProgress?: Say): Promise<void>;
}

/**
 * Starts nats-server, the embedded ClickHouse with its tables, and the services, each in a folder of its own below `folder`.
 * A process that dies by itself is started again, and that is said. If one cannot start, the others are ended.
 */
export async function startLine(options: LineOptions): Promise<Line> {
  const services = LINE_SERVICES.filter((service) => options.services?.includes(service) ?? true);
  for (const app of ['embedded-clickhouse', ...services]) builtFile(`apps/${app}.js`);
  const folder = resolve(options.folder);
  const partitions = options.partitions ?? 4;
  const ports = await choosePorts(options.ports ?? 'free', services);
  await openDataFolder(folder, { clock: options.clock, partitions });
  const starting = new StartingLine({ folder, clock: options.clock, partitions, ports, ...(options.usersAtLog ? { passwords: newPasswords() } : {}) }, options);
  try {
    await allDone([starting.nats(), starting.clickhouse()]);
    await allDone(services.map((service) => starting.service(service)));
  } catch (error) {
    await starting.stop();
    throw error;
  }
  return starting;
}

function newPasswords(): LinePasswords {
  return Object.fromEntries(Object.keys(natsRights(1)).map((user) => [user, randomUUID()])) as LinePasswords;
}

/** Waits for all even if one fails: what is still starting could not be ended. */
async function allDone(work: readonly Promise<void>[]): Promise<void> {
  for (const outcome of await Promise.allSettled(work)) if (outcome.status === 'rejected') throw outcome.reason;
}

async function choosePorts(kind: 'fixed' | 'free', services: readonly LineService[]): Promise<Record<LinePart, number>> {
  const parts: LinePart[] = ['nats', 'clickhouse', ...LINE_SERVICES];
  const ports = await Promise.all(parts.map(async (part) => [part, kind === 'fixed' ? fixedPort(part) : await freePort()] as const));
  const used = ports.filter(([part]) => part === 'nats' || part === 'clickhouse' || services.includes(part));
  for (const [part, port] of used) await requireFreePort(part, port);
  return Object.fromEntries(ports) as Record<LinePart, number>;
}

class StartingLine implements Line {
  readonly urls: Record<LinePart, string>;
  readonly processes = new Map<LinePart, ProcessHandle>();
  private readonly say: Say;

  constructor(private readonly wiring: LineWiring, private readonly options: LineOptions) {
    const parts: LinePart[] = ['nats', 'clickhouse', ...LINE_SERVICES];
    this.urls = Object.fromEntries(parts.map((part) => [part, urlOf(part, wiring.ports)])) as Record<LinePart, string>;
    this.urls.nats = natsUrlOf('provisioner', wiring.ports, wiring.passwords);
    this.say = options.onProgress ?? (() => undefined);
  }

  async nats(): Promise<void> {
    const server = await findNatsServer(join(repositoryFolder(), '.cache'), this.say);
    const { folder, ports, partitions, passwords } = this.wiring;
    const authorization = passwords && natsAuthorization(partitions, (user) => JSON.stringify(passwords[user]));
    const start = (): Promise<ProcessHandle> =>
      startNats({ ...this.listeners('nats'), server, folder: join(folder, 'nats'), port: ports.nats, sync: this.options.sync, ...(authorization === undefined ? {} : { authorization }) });
    await this.add('nats', `${urlOf('nats', ports)}, log on the disk: ${this.options.sync === 'always' ? 'each message' : 'every 2 minutes'}`, start);
  }

  async clickhouse(): Promise<void> {
    const { folder, ports } = this.wiring;
    const env = { ...this.options.env, EMBEDDED_CLICKHOUSE_PORT: String(ports.clickhouse), EMBEDDED_CLICKHOUSE_FOLDER: join(folder, 'clickhouse') };
    const start = (): Promise<ProcessHandle> =>
      startService('embedded-clickhouse', { ...this.listeners('clickhouse'), port: ports.clickhouse, env, readyUrl: `${this.urls.clickhouse}/ping` });
    await this.add('clickhouse', `${this.urls.clickhouse}, embedded`, start);
    const migrate = { name: 'migrate', command: process.execPath, args: [builtFile('tools/migrate.js')], cwd: repositoryFolder() };
    await timed(this.say, 'migrate', "ClickHouse's tables", () => runToEnd({ ...migrate, env: { ...this.options.env, CLICKHOUSE_URL: this.urls.clickhouse, NATS_URL: this.urls.nats, PARTITIONS: String(this.wiring.partitions) } }));
  }

  async service(service: LineService): Promise<void> {
    const env = { ...environmentOf(service, this.wiring), ...this.options.env };
    await mkdir(join(this.wiring.folder, service), { recursive: true });
    await this.add(service, this.urls[service], () => startService(service, { ...this.listeners(service), port: this.wiring.ports[service], env }));
  }

  async stop(onProgress: Say = () => undefined): Promise<void> {
    // In the order of the line: each service still works off what the one before it has logged.
    const order: LinePart[] = [...LINE_SERVICES, 'clickhouse', 'nats'];
    for (const part of order) {
      const handle = this.processes.get(part);
      if (!handle) continue;
      await timed(onProgress, part, 'stopped', () => handle.stop(15_000));
    }
  }

  private async add(part: LinePart, detail: string, start: () => Promise<ProcessHandle>): Promise<void> {
    this.processes.set(part, await timed(this.say, part, detail, start));
  }

  private listeners(part: LinePart): { logPrefix?: string; onLine: (line: string) => void; onDeath: (sentence: string) => void } {
    const { logs, onLine } = this.options;
    return { ...(logs ? { logPrefix: part } : {}), onLine: (line) => onLine?.(part, line), onDeath: this.say };
  }
}
