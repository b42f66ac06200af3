import { natsRights, servicePorts } from '@sp/contracts';
import { repositoryFolder } from '@sp/testing';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { serviceEnvironment } from './read-config';

const textOf = (file: string): string => readFileSync(join(repositoryFolder(), file), 'utf8');
const compose = textOf('deploy/compose/compose.yaml');
/** Read by programs before the service's own configuration, or by Kubernetes itself. */
const others = new Set(['NATS_PASSWORD', 'CLICKHOUSE_PASSWORD']);

describe.each(Object.keys(servicePorts))('%s', (service) => {
  const config = textOf(`apps/${service}/src/${service}.config.ts`);
  const isKnown = (name: string): boolean => name in serviceEnvironment || others.has(name) || new RegExp(`\\b${name}\\b`).test(config);

  it('is given settings that it knows, in compose and in Kubernetes', () => {
    const inCompose = sectionOf(service).matchAll(/^ {6}([A-Z_]+):/gm);
    const inKubernetes = textOf(`deploy/kubernetes/base/${service}.yaml`).matchAll(/- \{ name: ([A-Z_]+),/g);
    const names = [...inCompose, ...inKubernetes].map(([, name]) => name ?? '');
    expect(names.length).toBeGreaterThan(6);
    for (const name of names) expect.soft(isKnown(name), name).toBe(true);
  });

  it('listens on its own port in both', () => {
    const port = servicePorts[service as keyof typeof servicePorts];
    expect(sectionOf(service)).toContain(`PORT: "${port}"`);
    expect(textOf(`deploy/kubernetes/base/${service}.yaml`)).toContain(`{ name: PORT, value: "${port}" }`);
  });
});

it('asks for every password that NATS and ClickHouse want', () => {
  const wanted = Object.keys(natsRights(1)).map((user) => `NATS_${user.toUpperCase().replace('-', '_')}_PASSWORD`);
  const clickhouse = [...textOf('deploy/clickhouse/users.d/smart-purchases.xml').matchAll(/from_env="(\w+)"/g)].map(([, name]) => name ?? '');
  for (const name of [...wanted, ...clickhouse]) {
    expect.soft(compose, name).toContain(`\${${name}:?`);
    expect.soft(textOf('deploy/compose/.env.example'), name).toContain(`${name}=\n`);
  }
});

it('has no secret of its own', () => {
  for (const [, value] of textOf('deploy/compose/.env.example').matchAll(/^[A-Z_]+(?:PASSWORD|FILE)=(.*)$/gm)) expect(value).toBe('');
  expect(existsSync(join(repositoryFolder(), 'deploy/compose/.env'))).toBe(false);
});

function sectionOf(service: string): string {
  const start = compose.indexOf(`\n  ${service}:\n`);
  const end = compose.slice(start + 1).search(/\n {0,2}\w[\w-]*:\n/);
  return end < 0 ? compose.slice(start) : compose.slice(start, start + 1 + end);
}
