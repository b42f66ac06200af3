import { z } from 'zod';

const environment = z.object({
  EMBEDDED_CLICKHOUSE_PORT: z.coerce.number().int().min(0).max(65_535).default(8123),
  EMBEDDED_CLICKHOUSE_FOLDER: z.string().min(1).default('data/clickhouse'),
  EMBEDDED_CLICKHOUSE_SESSIONS: z.coerce.number().int().min(1).max(16).default(4),
  EMBEDDED_CLICKHOUSE_WAITING_REQUESTS: z.coerce.number().int().min(0).default(128),
  EMBEDDED_CLICKHOUSE_BODY_BYTES: z.coerce.number().int().min(1).default(256 * 1024 * 1024),
  SP_PARENT_PID: z.coerce.number().int().positive().optional(),
});

export interface EmbeddedClickHouseConfig {
  /** 0 takes a free port. */
  readonly port: number;
  readonly folder: string;
  /** Queries that run side by side; each has a session of its own. */
  readonly sessions: number;
  /** Requests that may wait for a session before the door answers 503. */
  readonly waitingRequests: number;
  /** The largest request body, counted after decompression. */
  readonly bodyBytes: number;
  /** The process whose end ends this one. */
  readonly parentPid: number | undefined;
}

/** Reads the environment; a wrong value ends the start with the name of the variable. */
export function parseConfig(env: NodeJS.ProcessEnv): EmbeddedClickHouseConfig {
  const parsed = environment.parse(env);
  return {
    port: parsed.EMBEDDED_CLICKHOUSE_PORT,
    folder: parsed.EMBEDDED_CLICKHOUSE_FOLDER,
    sessions: parsed.EMBEDDED_CLICKHOUSE_SESSIONS,
    waitingRequests: parsed.EMBEDDED_CLICKHOUSE_WAITING_REQUESTS,
    bodyBytes: parsed.EMBEDDED_CLICKHOUSE_BODY_BYTES,
    parentPid: parsed.SP_PARENT_PID,
  };
}
