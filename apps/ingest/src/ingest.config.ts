import { serviceEnvironment } from '@sp/platform';
import { z } from 'zod';

export const ingestConfig = z.object({
  ...serviceEnvironment,
  PORT: serviceEnvironment.PORT.default(3000),
  /** `wall`: ticks follow this machine's clock. `events`: they follow the newest event (simulation, replay). */
  CLOCK: z.enum(['wall', 'events']).default('wall'),
  /** The door closes (503) while the last stage is farther behind; unset: half an hour when live, 10 s where time is replayed. */
  MAXIMUM_LAG_SECONDS: z.coerce.number().positive().optional(),
  /** Of one request, as it comes over the network … */
  BODY_LIMIT_BYTES: z.coerce.number().int().positive().default(8_388_608),
  /** … and unpacked, where it is gzip. */
  PLAIN_BODY_LIMIT_BYTES: z.coerce.number().int().positive().default(33_554_432),
  /** ISO 4217; features count money in it. Unset: amounts are taken as they are. */
  BASE_CURRENCY: z.string().regex(/^[A-Z]{3}$/).optional(),
  /** IANA; the clock of times without an offset, and of clients without a zone. Unset: such events are refused. */
  BANK_TIME_ZONE: z.string().refine(isTimeZone, 'no IANA time zone').optional(),
  /** JSON: the bank's systems with their keys and what each may send. Unset: the door is open, and listens on the loopback only. */
  SOURCES_FILE: z.string().min(1).optional(),
  /** `yes`: open on another address too, where something else keeps strangers away. */
  OPEN_DOOR: z.enum(['yes', 'no']).default('no'),
  DECISION_DEADLINE_MS: z.coerce.number().int().positive().default(2_000),
});

export type IngestConfig = z.infer<typeof ingestConfig>;

const loopback = new Set(['127.0.0.1', '::1', 'localhost']);

/** Says why the door must not open like this; undefined: it may. */
export function openDoorProblem({ SOURCES_FILE, HOST, OPEN_DOOR }: Pick<IngestConfig, 'SOURCES_FILE' | 'HOST' | 'OPEN_DOOR'>): string | undefined {
  if (SOURCES_FILE !== undefined || loopback.has(HOST) || OPEN_DOOR === 'yes') return undefined;
  return `Without SOURCES_FILE the door is open to all who reach it, so it listens on 127.0.0.1 only, not on ${HOST}. Declare the bank's systems and their keys, or set OPEN_DOOR=yes where something else keeps strangers away.`;
}

function isTimeZone(name: string): boolean {
  return Intl.supportedValuesOf('timeZone').includes(name) || name === 'UTC';
}
