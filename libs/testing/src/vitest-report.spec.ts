import { describe, expect, it } from 'vitest';
import { checksOf, totalLine } from './vitest-report';

const test = (fullName: string, status: string) => ({ fullName, status, failureMessages: status === 'failed' ? ['expected 1 to be 2'] : [] });

function report(...files: object[]): string {
  return JSON.stringify({ testResults: files });
}

describe("vitest's report", () => {
  it('is counted test by test, and failures and skips keep their names', () => {
    const file = { name: '/root/libs/a.spec.ts', status: 'failed', assertionResults: [test('adds', 'passed'), test('divides', 'failed'), test('later', 'todo')] };
    const checks = checksOf(report(file), '/root');
    expect(checks).toEqual({ passed: 1, failed: [{ name: 'libs/a.spec.ts > divides', said: 'expected 1 to be 2' }], skipped: ['libs/a.spec.ts > later'] });
  });

  it('counts a file that could not run as one failure', () => {
    const broken = { name: '/root/libs/b.spec.ts', status: 'failed', message: 'Cannot find module', assertionResults: [] };
    expect(checksOf(report(broken), '/root').failed).toEqual([{ name: 'libs/b.spec.ts', said: 'Cannot find module' }]);
  });

  it('ends in a line that names skips only when there are some', () => {
    const checks = { passed: 2, failed: [{ name: 'x', said: '' }], skipped: [] };
    expect(totalLine([checks, checks])).toBe('4 passed, 2 failed');
    expect(totalLine([checks, { ...checks, skipped: ['y'] }])).toBe('4 passed, 2 failed, 1 skipped');
  });
});
