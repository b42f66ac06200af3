import { flow } from '@sp/dataflow';
import { expect, it } from 'vitest';
import { metricsRegister } from './metrics';
import { observeStage } from './stage-observer';

it('puts each step of a batch and each late event under the names of the flow', async () => {
  const stage = flow('scorer').from('feature-store').fold('retrieve', { late: 'count-and-hand-on' }, () => ({ onEvent: () => 'pass' })).to('scorer');
  const observer = observeStage(stage);
  for (const events of [3, 4]) observer.stepBegan!('retrieve')(events);
  observer.batchLogged({ partition: 0, from: 1, to: 2, frames: 2, events: 7, late: 2, sequencedAtMs: Date.now(), emitted: [] });
  const text = await metricsRegister.metrics();
  expect(text).toContain('step_events_total{stage="scorer",step="retrieve"} 7');
  expect(text).toContain('step_seconds_count{stage="scorer",step="retrieve"} 1');
  expect(text).toContain('stage_late_events_total{stage="scorer",step="retrieve",policy="count-and-hand-on"} 2');
});
