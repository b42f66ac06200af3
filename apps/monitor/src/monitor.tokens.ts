/** The ClickHouse client, where NestJS has to inject it: an interface has no token of its own. */
export const clickhouse = Symbol('clickhouse');
export const nats = Symbol('nats connection');
