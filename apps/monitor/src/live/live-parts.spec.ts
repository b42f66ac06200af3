import { expect, test } from 'vitest';
import { CounterWindow } from './counter-window';
import { parseMetrics } from './metrics-text';

test('metrics are read with their labels, others are passed over', () => {
  const text = '# HELP line_lag_seconds age\n# TYPE line_lag_seconds gauge\nline_lag_seconds{stage="scorer",note="a \\"b\\", c"} 0.012\nevents_accepted_total 1.5e3\nother_total 7\n';
  expect(parseMetrics(text, new Set(['line_lag_seconds', 'events_accepted_total']))).toEqual([
    { name: 'line_lag_seconds', labels: { stage: 'scorer', note: 'a \\"b\\", c' }, value: 0.012 },
    { name: 'events_accepted_total', labels: {}, value: 1500 },
  ]);
});

test('one sight gives no rate', () => {
  const window = new CounterWindow(60_000);
  window.see(0, 100);
  expect([window.perSecond(), window.recentPerSecond()]).toEqual([undefined, undefined]);
});

test('the rate is over the window, not over all that was seen', () => {
  const window = new CounterWindow(10_000);
  for (let second = 0; second <= 100; second += 1) window.see(second * 1000, second < 90 ? 0 : (second - 90) * 50);
  expect(window.perSecond()).toBe(50);
});

test('a restarted process is no fall of the rate', () => {
  const window = new CounterWindow(60_000);
  window.see(0, 1000);
  window.see(1000, 1100);
  window.see(2000, 40);
  expect(window.perSecond()).toBe(70);
});

test('the recent rate is of the last three seconds', () => {
  const window = new CounterWindow(60_000);
  [0, 0, 0, 0, 30, 60, 90].forEach((count, second) => window.see(second * 1000, count));
  expect(window.recentPerSecond()).toBe(30);
});
