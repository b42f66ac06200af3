import { findNatsServer, repositoryFolder, runToEnd } from '@sp/testing';
import { cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';

export interface Machine {
  readonly cores: number;
  readonly model: string;
  readonly memoryGigabytes: number;
  readonly platform: string;
  readonly node: string;
  readonly natsServer: string;
  /** Processes that wanted to run in the last minute, before the bench began. */
  readonly loadAtStart: number;
  readonly isBusy: boolean;
}

export async function describeMachine(): Promise<Machine> {
  const said = await runToEnd({ name: 'nats-server', command: await findNatsServer(join(repositoryFolder(), '.cache')), args: ['--version'] });
  const loadAtStart = loadavg()[0]!;
  const cores = cpus().length;
  return {
    cores,
    model: cpus()[0]?.model.trim() || 'unknown',
    memoryGigabytes: Math.round(totalmem() / 2 ** 30),
    platform: `${process.platform} ${process.arch}`,
    node: process.versions.node,
    natsServer: said.replace(/^nats-server: v?/, '').trim(),
    loadAtStart,
    isBusy: loadAtStart > cores / 2,
  };
}
