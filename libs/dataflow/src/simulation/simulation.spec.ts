import { describe, expect, it } from 'vitest';
import { leastFaults } from './fault-plan';
import { nastyScenario } from './nasty-flows';
import { FailedSchedule, simulate } from './simulate';
import { shrink, trySchedules } from './try-engine';

const schedules = 2_000;

describe('the sequencer and the stages', () => {
  it(`count every event once and write what an undisturbed line writes, in ${schedules} schedules of faults`, { timeout: 400_000 }, async () => {
    const { failed, faults } = await trySchedules({ schedules, seed: 1 });
    expect(failed?.message).toBeUndefined();
    for (const [kind, times] of Object.entries(faults)) expect(times, kind).toBeGreaterThan(schedules / 20);
  });

  it('meet at least twenty faults in every schedule, and the same ones whenever its seed is run', async () => {
    for (const seed of [1, 2, 3]) {
      const account = await simulate(nastyScenario, seed);
      expect(Object.values(account.faults).reduce((sum, times) => sum + times)).toBeGreaterThanOrEqual(leastFaults);
      expect(await simulate(nastyScenario, seed)).toEqual(account);
    }
  });
});

describe('a failing schedule', () => {
  it('is told by its seed and its faults, and by fewer of them where fewer do', async () => {
    const impossible = { ...nastyScenario, expect: () => expect.fail('never') };
    const { failed } = await trySchedules({ schedules: 1, seed: 7, scenario: impossible });
    expect(failed).toBeInstanceOf(FailedSchedule);
    expect(failed!.message).toMatch(/^seed 7: never\n {2}step \d+: /);
    expect((await shrink(failed!, impossible)).plan).toEqual([]);
  });
});
