import { describe, expect, it } from 'vitest';
import { readConfig } from './simulator.config';

const least = { INGEST_URL: 'http://127.0.0.1:3000', NATS_URL: 'nats://127.0.0.1:4222', SIMULATOR_STATE_FOLDER: '/tmp/bank' };

describe('settings of the simulator', () => {
  it('have defaults for all but addresses and folder', () => {
    expect(readConfig({ ...least, SIMULATOR_SEED: '' })).toMatchObject({ hoursPerSecond: 1, days: 0, settleMs: 100, world: { seed: 1, clients: 2000, merchants: 120, campaigns: 60, startMs: Date.UTC(2026, 0, 5) } });
  });

  it('name every wrong key at once', () => {
    const wrong = { NATS_URL: 'http://x', SIMULATOR_STATE_FOLDER: '/tmp/bank', SIMULATOR_CLIENTS: 'many', SIMULATOR_BATCH: '1001', SIMULATOR_START: 'today' };
    expect(() => readConfig(wrong)).toThrow(/INGEST_URL[^]*NATS_URL[^]*SIMULATOR_CLIENTS[^]*SIMULATOR_START[^]*SIMULATOR_BATCH/);
    expect(() => readConfig({ ...least, SIMULATOR_CAMPAIGNS: '121' })).toThrow('SIMULATOR_CAMPAIGNS');
  });
});
