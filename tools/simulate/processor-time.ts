import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
const sampleMs = 5_000;

/** Processor time of everything that this process has started, looked at now and then: an ended process takes its own with it. */
export class ProcessorTime {
  private readonly seconds = new Map<number, number>();
  private readonly timer = setInterval(() => void this.sample(), sampleMs).unref();

  async sample(): Promise<void> {
    const { stdout } = await run('ps', ['-A', '-o', 'pid=,ppid=,time=']).catch(() => ({ stdout: '' }));
    for (const [pid, seconds] of descendants(stdout, process.pid)) this.seconds.set(pid, seconds);
  }

  /** What one process has used, as a share of what all the others have. */
  shareOf(pid: number): { readonly seconds: number; readonly othersSeconds: number } {
    clearInterval(this.timer);
    const seconds = this.seconds.get(pid) ?? 0;
    return { seconds, othersSeconds: [...this.seconds.values()].reduce((sum, used) => sum + used, 0) - seconds };
  }
}

/** Rows are parents before children or not: ps sorts as it likes. */
export function descendants(rows: string, ancestor: number): Map<number, number> {
  const known = rows.trim().split('\n').map((row) => row.trim().split(/\s+/)).map(([pid, parent, time]) => ({ pid: Number(pid), parent: Number(parent), seconds: secondsOf(time ?? '') }));
  const found = new Map<number, number>();
  const visit = (parent: number): void => {
    for (const row of known.filter((row) => row.parent === parent)) {
      found.set(row.pid, row.seconds);
      visit(row.pid);
    }
  };
  visit(ancestor);
  return found;
}

/** `[[days-]hours:]minutes:seconds`, with hundredths on macOS. */
function secondsOf(time: string): number {
  const [clock = '', days = '0'] = time.split('-').reverse();
  return Number(days) * 86_400 + clock.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
}
