/** Real: child processes, signals, the reaper. Faked: nothing. */
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { repositoryFolder } from './repository-folder';
import { startProcess } from './start-process';
import type { ProcessHandle, ProcessOptions } from './start-process';

const SLEEPER = 'console.log("awake"); setInterval(() => {}, 1000)';
const STUBBORN = `process.on("SIGTERM", () => {}); ${SLEEPER}`;

let started: ProcessHandle | undefined;

afterEach(() => started?.kill());

async function startScript(script: string, options: Partial<ProcessOptions> = {}): Promise<ProcessHandle> {
  started = await startProcess({ name: 'script', command: process.execPath, args: ['-e', script], readyLine: /awake/, ...options });
  return started;
}

async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await pause(20);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe('a process of the harness', () => {
  it('is killed when it does not stop within its grace', async () => {
    const script = await startScript(STUBBORN);
    expect(await script.stop(200)).toEqual({ code: null, signal: 'SIGKILL' });
  });

  it('that ends before it is ready explains itself with its own words', async () => {
    await expect(startScript('console.error("no licence"); process.exit(3)')).rejects.toThrow(/exit code 3[^]*no licence/);
  });

  it('that is not installed is named', async () => {
    await expect(startProcess({ name: 'tool', command: 'no-such-program' })).rejects.toThrow(/tool cannot be started.*no-such-program/);
  });

  it('is started again when it dies by itself, and this is said and counted', async () => {
    const said: string[] = [];
    const script = await startScript(SLEEPER, { onDeath: (sentence) => said.push(sentence) });
    const { pid } = script;
    process.kill(pid, 'SIGKILL');
    await until(() => script.pid !== pid && script.running);
    expect(script.restarts).toBe(1);
    expect(said).toEqual(['script ended by itself (signal SIGKILL); restart 1 in 0.5 s']);
  });

  it('stays ended when it was stopped while a restart was pending', async () => {
    const script = await startScript(SLEEPER, { onDeath: () => undefined });
    process.kill(script.pid, 'SIGKILL');
    await until(() => script.restarts === 1);
    await script.stop();
    await pause(800);
    expect(script.running).toBe(false);
  });

  it('does not outlive a harness that is killed', async () => {
    const harness = `import { startProcess } from ${JSON.stringify(`${repositoryFolder()}/libs/testing/src/start-process.ts`)};
      const child = await startProcess({ name: 'child', command: process.execPath, args: ['-e', ${JSON.stringify(SLEEPER)}] });
      console.log('child ' + child.pid);`;
    const lines: string[] = [];
    await startScript(runnerOf(harness), { readyLine: /child \d+/, onLine: (line) => lines.push(line) });
    const pid = Number(/child (\d+)/.exec(lines.join('\n'))?.[1]);
    expect(isAlive(pid)).toBe(true);
    process.kill(started?.pid ?? 0, 'SIGKILL');
    await until(() => !isAlive(pid));
  });
});

/** Sources run without a build through Vite's own module runner. */
function runnerOf(source: string): string {
  return `import('vite').then(async ({ createServer, createServerModuleRunner }) => {
    const entry = 'virtual:entry';
    const plugin = { name: 'entry', resolveId: (id) => id === entry ? '\\0' + entry : undefined, load: (id) => id === '\\0' + entry ? ${JSON.stringify(source)} : undefined };
    const server = await createServer({ configFile: false, plugins: [plugin], server: { middlewareMode: true, ws: false, watch: null }, optimizeDeps: { noDiscovery: true } });
    await createServerModuleRunner(server.environments.ssr).import(entry);
  })`;
}
