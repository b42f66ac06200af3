import { repositoryFolder } from '@sp/testing';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { metricsRegister } from './metrics';
import './metrics';

const textOf = (file: string): string => readFileSync(join(repositoryFolder(), file), 'utf8');
const rules = textOf('deploy/prometheus/rules.yaml');

it('asks only for metrics that the services have', async () => {
  const known = new Set((await metricsRegister.getMetricsAsJSON()).map(({ name }) => name));
  const asked = [...rules.matchAll(/\b[a-z_]+_(?:total|seconds|closed|drift|ratio)\b/g)].map(([name]) => name);
  expect(asked.length).toBeGreaterThan(8);
  for (const name of asked) expect.soft(known, name).toContain(name);
});

it('has a chapter in the runbook for each alert', () => {
  const chapters = [...textOf('docs/runbook.md').matchAll(/^## (\w+)$/gm)].map(([, name]) => name);
  expect([...rules.matchAll(/- alert: (\w+)/g)].map(([, name]) => name)).toEqual(chapters);
});
