import { expect, it } from 'vitest';
import { z } from 'zod';
import { ConfigError, readConfig } from './read-config';

const schema = z.object({ PORT: z.coerce.number().int().max(65_535), NATS_URL: z.string(), LEVEL: z.string().default('info') });

it('reads numbers and defaults', () => {
  expect(readConfig(schema, { PORT: '3000', NATS_URL: 'nats://127.0.0.1' })).toEqual({ PORT: 3000, NATS_URL: 'nats://127.0.0.1', LEVEL: 'info' });
});

it('names every wrong key in one error', () => {
  expect(() => readConfig(schema, { PORT: '99999' })).toThrow(ConfigError);
  expect(() => readConfig(schema, { PORT: '99999' })).toThrow(/PORT[^]*NATS_URL/);
});
