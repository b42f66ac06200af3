import { LINE_SERVICES, type Line } from '@sp/testing';
import { readFile } from 'node:fs/promises';

/** CPU seconds that each process of the line has used so far; the servers' only where the kernel tells it by /proc. */
export async function cpuSecondsOf({ urls, processes }: Line): Promise<Record<string, number>> {
  const seconds: Record<string, number> = {};
  for (const service of LINE_SERVICES) seconds[service] = sumOf(await metricsOf(urls[service]), 'process_cpu_seconds_total');
  for (const part of ['nats', 'clickhouse'] as const) {
    const used = await cpuSecondsOfPid(processes.get(part)?.pid ?? -1);
    if (used !== undefined) seconds[part] = used;
  }
  return seconds;
}

export async function decisionsOf({ urls }: Line): Promise<number> {
  return sumOf(await metricsOf(urls.recommender), 'decisions_total');
}

export async function metricsOf(url: string): Promise<string> {
  return (await fetch(`${url}/metrics`)).text();
}

/** Adds up a metric over its labels. */
export function sumOf(metrics: string, name: string): number {
  const values = metrics.split('\n').filter((line) => line.startsWith(`${name} `) || line.startsWith(`${name}{`));
  return values.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
}

/** Fields 14 and 15 of `stat`: user and system time in ticks, a hundred a second on Linux. */
async function cpuSecondsOfPid(pid: number): Promise<number | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  if (stat === undefined) return undefined;
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}
