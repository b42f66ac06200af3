import { spawn } from 'node:child_process';
import type { Writable } from 'node:stream';

let reaper: Writable | undefined;

/**
 * Ends `pid` (the leader of a process group) should this process die without having done so itself, even by kill -9.
 * One small child listens on a pipe that closes with us, so nothing is polled. Returns what to call once the process has ended.
 */
export function endWithUs(pid: number): () => void {
  reaper ??= startReaper();
  const pipe = reaper;
  pipe.write(`+${pid}\n`);
  return () => pipe.write(`-${pid}\n`);
}

function startReaper(): Writable {
  // In a group of its own: Ctrl-C in a terminal and a kill of our group must not reach it.
  const child = spawn(process.execPath, ['-e', `(${reap.toString()})()`], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  child.unref();
  child.stdin.on('error', () => undefined);
  if ('unref' in child.stdin && typeof child.stdin.unref === 'function') child.stdin.unref();
  return child.stdin;
}

/** Runs in the child, from its text alone: it may use nothing of this file. */
function reap(): void {
  const pids: number[] = [];
  let rest = '';
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
  process.stdin.setEncoding('utf8');
  process.stdin.on('data', (chunk) => {
    const lines = (rest + String(chunk)).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const pid = Number(line.slice(1));
      if (line.startsWith('+')) pids.push(pid);
      else pids.splice(pids.indexOf(pid), 1);
    }
  });
  process.stdin.on('end', () => void endAll());

  /** The emergency's way: all at once, since one by one would keep the last ones alive for long. */
  async function endAll(): Promise<void> {
    for (const pid of pids) signalTo(pid, 'SIGTERM');
    for (let waited = 0; waited < 5_000 && pids.some((pid) => signalTo(pid, 0)); waited += 50) await new Promise((next) => setTimeout(next, 50));
    for (const pid of pids) signalTo(-pid, 'SIGKILL');
    process.exit(0);
  }

  function signalTo(target: number, signal: NodeJS.Signals | 0): boolean {
    try {
      return process.kill(target, signal);
    } catch {
      return false;
    }
  }
}
