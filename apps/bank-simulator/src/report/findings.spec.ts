import { expect, test } from 'vitest';
import type { Trouble } from '../world/troubles';
import { findingsOf } from './findings';

const hourMs = 3_600_000;
const outage: Trouble = { kind: 'stream-outage', startMs: 100 * hourMs, endMs: 104 * hourMs, size: 1, what: 'transaction.authorised' };
const terminal: Trouble = { kind: 'terminal-down', startMs: 500 * hourMs, endMs: 560 * hourMs, size: 1, what: 'm-7' };

test('a trouble is found by the signal that speaks of it, with the time that it took', () => {
  const { troubles, falseAlarms } = findingsOf([outage, terminal], [{ signal: 'rate:transaction.authorised', atMs: 100.25 * hourMs }, { signal: 'merchant:m-7', atMs: 506 * hourMs }]);
  expect(troubles).toMatchObject([{ found: true, hoursToFind: 0.25 }, { found: true, hoursToFind: 6 }]);
  expect(falseAlarms).toEqual([]);
});

test('another merchant’s alarm finds nothing, and one in quiet times is false', () => {
  const quiet = { signal: 'rate:client.acted', atMs: 300 * hourMs };
  const { troubles, falseAlarms } = findingsOf([outage, terminal], [{ signal: 'merchant:m-8', atMs: 506 * hourMs }, quiet]);
  expect(troubles).toEqual([{ found: false }, { found: false }]);
  expect(falseAlarms).toEqual([quiet]);
});

test('an arm that was cleared out is found as long as it stays too small', () => {
  const bias: Trouble = { kind: 'biased-arm', startMs: 100 * hourMs, endMs: 148 * hourMs, size: 1, what: 'random' };
  const { troubles, falseAlarms } = findingsOf([bias], [{ signal: 'split:always-on:1', atMs: 182 * hourMs }, { signal: 'merchant:m-8', atMs: 182 * hourMs }, { signal: 'split:always-on:1', atMs: 90 * hourMs }]);
  expect(troubles).toMatchObject([{ found: true, hoursToFind: 82 }]);
  expect(falseAlarms.map(({ atMs }) => atMs / hourMs)).toEqual([182, 90]);
});
