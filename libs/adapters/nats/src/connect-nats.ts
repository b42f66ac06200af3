import { natsAddress } from '@sp/contracts';
import { connect, createInbox, ErrorCode, NatsError, type NatsConnection } from 'nats';

const unknownUserCodes: ReadonlySet<string> = new Set([ErrorCode.AuthorizationViolation, ErrorCode.AuthenticationExpired, ErrorCode.AuthenticationTimeout]);

/** Where a connection's answers come in: a user may listen to his own inbox and to no other. */
const prefixes = new WeakMap<NatsConnection, string>();

/**
 * Connects and goes on trying for ever: the log being away delays the line, it never ends a service.
 * A log that does not know the user says so at once; it would not know him later either.
 */
export async function connectNats(url: string, name: string): Promise<NatsConnection> {
  const address = natsAddress(url);
  const options = { ...address, name, maxReconnectAttempts: -1, reconnectTimeWait: 250, noAsyncTraces: true, pingInterval: 5_000 };
  const connection = await connect(options).catch((error: unknown) => {
    if (error instanceof NatsError && unknownUserCodes.has(error.code)) throw new Error(`The log at ${address.servers.join(', ')} refuses the user ${address.user ?? '(none)'}: set NATS_URL to nats://user:password@host.`, { cause: error });
    return connect({ ...options, waitOnFirstConnect: true });
  });
  prefixes.set(connection, address.inboxPrefix ?? '_INBOX');
  return connection;
}

/** A new subject on which this connection may wait for answers. */
export function inboxOf(connection: NatsConnection): string {
  return createInbox(prefixes.get(connection));
}
