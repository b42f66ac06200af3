/** Starts the built service for a test: its own folder, a free port, ended by pid. Nothing here is a mock. */
import type { ChildProcess } from 'node:child_process';
import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const ENTRY = 'dist/embedded-clickhouse/apps/embedded-clickhouse.js';
const BUILD_LOCK = join(tmpdir(), `embedded-clickhouse-build-${createHash('sha256').update(process.cwd()).digest('hex').slice(0, 12)}`);
const SOURCES = 'apps/embedded-clickhouse/src';

export interface RunningService {
  readonly url: string;
  readonly child: ChildProcess;
  /** Everything it has printed. */
  output(): string;
  /** Ends it and resolves with its exit code, null after a kill. */
  end(signal: NodeJS.Signals): Promise<number | null>;
}

export async function startService(folder: string, env: Record<string, string> = {}): Promise<RunningService> {
  await buildIfOlder();
  const child = spawn(process.execPath, [ENTRY], {
    env: { ...process.env, EMBEDDED_CLICKHOUSE_PORT: '0', EMBEDDED_CLICKHOUSE_FOLDER: folder, SP_PARENT_PID: String(process.pid), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  const url = await new Promise<string>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        printed += text;
        const found = /listens on (http:\S+)/.exec(printed)?.[1];
        if (found) resolve(found);
      });
    }
    child.once('exit', (code) => reject(new Error(`it ended with ${code} before it listened: ${printed}`)));
  });
  return { url, child, output: () => printed, end: (signal) => end(child, signal) };
}

function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode);
  const gone = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  child.kill(signal);
  return gone;
}

/** Spec files run side by side: the first one builds, the others wait for it. */
async function buildIfOlder(): Promise<void> {
  while (isOlder()) {
    try {
      mkdirSync(BUILD_LOCK);
    } catch {
      await sleep(200);
      continue;
    }
    try {
      if (isOlder()) execFileSync('npx', ['vite', 'build', '-c', 'vite.services.config.ts', '--mode', 'embedded-clickhouse'], { stdio: 'pipe' });
    } finally {
      rmSync(BUILD_LOCK, { recursive: true });
    }
  }
}

function isOlder(): boolean {
  const newest = Math.max(...readdirSync(SOURCES).map((file) => statSync(join(SOURCES, file)).mtimeMs));
  return (statSync(ENTRY, { throwIfNoEntry: false })?.mtimeMs ?? 0) <= newest;
}
