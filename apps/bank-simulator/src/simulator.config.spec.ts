import { describe, expect, it } from 'vitest';
import { readConfig } from './simulator.config';

const least = { INGEST_URL: 'http://127.0.0.1:3000', NATS_URL: 'nats://127.0.0.1:4222', SIMULATOR_STATE_FOLDER: '/tmp/bank' };

describe('settings of the simulator', () => {
  it('have defaults for all but addresses and folder', () => {
    expect(readConfig({ ...least, SIMULATOR_SEED: '' })).toMatchObject({ hoursPerSecond: 1, days: 0, settleMs: 0, partitions: 4, world: { seed: 1, clients: 2000, merchants: 120, campaigns: 60, startMs: Date.UTC(2026, 0, 5), world: 'smooth' } });
  });

  it('plant mild troubles in an endless life and none in a run of given days, unless told', () => {
    const troubles = (env: Record<string, string>): string => readConfig({ ...least, ...env }).world.troubles;
    expect([troubles({}), troubles({ SIMULATOR_DAYS: '3' }), troubles({ SIMULATOR_DAYS: '3', SIMULATOR_TROUBLES: 'all' }), troubles({ SIMULATOR_TROUBLES: 'none' })]).toEqual(['demo', 'none', 'all', 'none']);
  });

  it('name every wrong key at once', () => {
    const wrong = { NATS_URL: 'http://x', SIMULATOR_STATE_FOLDER: '/tmp/bank', SIMULATOR_CLIENTS: 'many', SIMULATOR_BATCH: '1001', SIMULATOR_START: 'today', SIMULATOR_WORLD: 'flat', SIMULATOR_TROUBLES: 'many' };
    expect(() => readConfig(wrong)).toThrow(/INGEST_URL[^]*NATS_URL[^]*SIMULATOR_CLIENTS[^]*SIMULATOR_START[^]*SIMULATOR_BATCH[^]*SIMULATOR_WORLD[^]*SIMULATOR_TROUBLES/);
    expect(() => readConfig({ ...least, SIMULATOR_CAMPAIGNS: '121' })).toThrow('SIMULATOR_CAMPAIGNS');
  });
});
