import { connect, type NatsConnection } from 'nats';

/** Connects and goes on trying for ever: the log being away delays the line, it never ends a service. */
export function connectNats(url: string, name: string): Promise<NatsConnection> {
  return connect({ servers: url, name, maxReconnectAttempts: -1, reconnectTimeWait: 250, waitOnFirstConnect: true, noAsyncTraces: true, pingInterval: 5_000 });
}
