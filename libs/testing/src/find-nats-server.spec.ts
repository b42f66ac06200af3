import { describe, expect, it } from 'vitest';
import { isVersionAtLeast } from './find-nats-server';

describe('the version of a nats-server', () => {
  it.each(['nats-server: v2.10.23', 'nats-server: v2.10.27', 'nats-server: v2.11.0', 'nats-server: v3.0.1'])('%s is new enough', (said) => {
    expect(isVersionAtLeast(said, [2, 10, 23])).toBe(true);
  });

  it.each(['nats-server: v2.10.22', 'nats-server: v2.9.30', 'nats-server: v1.99.99', 'nothing of the kind'])('%s is not', (said) => {
    expect(isVersionAtLeast(said, [2, 10, 23])).toBe(false);
  });
});
