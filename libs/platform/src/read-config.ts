import { z } from 'zod';

/** Thrown at start with every wrong key in one message. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** Reads the environment by the schema; every wrong key is named at once, with what was expected. */
export function readConfig<S extends z.ZodObject>(schema: S, env: Readonly<Record<string, string | undefined>> = process.env): z.infer<S> {
  const given = Object.fromEntries(Object.keys(schema.shape).map((key) => [key, env[key] === '' ? undefined : env[key]]));
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const wrong = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
  throw new ConfigError(`The environment is not usable; set these and start again:\n${wrong.join('\n')}`);
}

/** What every service on the line is told. */
export const serviceEnvironment = {
  PORT: z.coerce.number().int().min(0).max(65_535),
  HOST: z.string().default('127.0.0.1'),
  NATS_URL: z.string().default('nats://127.0.0.1:4222'),
  CLICKHOUSE_URL: z.url().default('http://127.0.0.1:8123'),
  DATA_FOLDER: z.string().min(1),
  PARTITIONS: z.coerce.number().int().min(1).max(1024).default(4),
};
