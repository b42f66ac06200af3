import type { NatsUser } from '@sp/contracts';
import { join } from 'node:path';
import type { LineClock } from './data-folder';
import { repositoryFolder } from './repository-folder';

/** In the order of the line, in which everything also ends. */
export const LINE_SERVICES = ['ingest', 'feature-store', 'scorer', 'recommender', 'feedback-loop', 'monitor'] as const;

export type LineService = (typeof LINE_SERVICES)[number];
export type LinePart = LineService | 'nats' | 'clickhouse';

/** The ports that others write against; a person may move the two servers with these variables. */
export function fixedPort(part: LinePart): number {
  if (part === 'nats') return Number(process.env.NATS_PORT) || 4222;
  if (part === 'clickhouse') return Number(process.env.CLICKHOUSE_PORT) || 8123;
  return 3000 + LINE_SERVICES.indexOf(part);
}

export type LinePasswords = Readonly<Record<NatsUser, string>>;

export interface LineWiring {
  readonly folder: string;
  /** Each user's password at the log, where it asks for one. */
  readonly passwords?: LinePasswords;
  readonly clock: LineClock;
  readonly partitions: number;
  readonly ports: Readonly<Record<LinePart, number>>;
}

/** What a service of the line is told; monitor also shows the others and the dashboard. */
export function environmentOf(service: LineService, { folder, clock, partitions, ports, passwords }: LineWiring): Record<string, string> {
  return {
    PORT: String(ports[service]),
    NATS_URL: natsUrlOf(service, ports, passwords),
    CLICKHOUSE_URL: urlOf('clickhouse', ports),
    DATA_FOLDER: join(folder, service),
    CLOCK: clock,
    PARTITIONS: String(partitions),
    MODELS_FOLDER: join(repositoryFolder(), 'models'),
    ...(service === 'monitor' ? monitorEnvironment(ports) : {}),
  };
}

export function urlOf(part: LinePart, ports: LineWiring['ports']): string {
  return `${part === 'nats' ? 'nats' : 'http'}://127.0.0.1:${ports[part]}`;
}

export function natsUrlOf(user: NatsUser, ports: LineWiring['ports'], passwords: LinePasswords | undefined): string {
  return `nats://${passwords ? `${user}:${passwords[user]}@` : ''}127.0.0.1:${ports.nats}`;
}

function monitorEnvironment(ports: LineWiring['ports']): Record<string, string> {
  const others = LINE_SERVICES.filter((service) => service !== 'monitor');
  const urls = others.map((service) => [`${service.toUpperCase().replaceAll('-', '_')}_URL`, urlOf(service, ports)]);
  return { DASHBOARD_FOLDER: join(repositoryFolder(), 'dist/dashboard'), ...Object.fromEntries(urls) };
}
