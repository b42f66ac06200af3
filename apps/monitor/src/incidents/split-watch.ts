import type { IncidentBook, IncidentEntry } from '@sp/monitoring';
import type { CountedExperiment } from '../figures/experiments';
import type { Board } from '../live/board';

const everyMs = 30_000;

/** Opens an incident where an experiment's arms may not be compared: its clients are not split as asked, stand in several arms, or were unlike before it began. */
export class SplitWatch {
  private nextAtMs = 0;

  constructor(private readonly board: Pick<Board, 'refreshExperiments' | 'counted'>) {}

  /** What is news to the book; wall clock in, event time out. */
  async next(book: IncidentBook, nowMs: number): Promise<IncidentEntry[]> {
    if (nowMs < this.nextAtMs) return [];
    this.nextAtMs = nowMs + everyMs;
    await this.board.refreshExperiments(nowMs);
    return this.board.counted.flatMap((counted) => splitEntry(counted, book));
  }
}

/** Of an experiment that was stopped nothing can be mended any more. */
export function splitEntry({ experiment, plan, health }: Pick<CountedExperiment, 'experiment' | 'plan' | 'health'>, book: IncidentBook): IncidentEntry[] {
  const signal = `split:${experiment.experimentId}:${experiment.epoch}`;
  const isBroken = (health.splitBroken || health.severalArmsTooMany || health.biasedBefore) && experiment.own?.state !== 'stopped';
  const isFiring = book.list().some(({ signals }) => signals.some((known) => known.signal === signal && known.firing));
  if (isBroken === isFiring) return [];
  return [{ kind: isBroken ? 'detected' : 'recovered', signal, group: signal, atMs: experiment.untilMs, noData: false, ...farthestArm({ experiment, plan }) }];
}

/** The arm that is farthest from what was asked, in clients. */
function farthestArm({ experiment: { arms }, plan: { weights = {} } }: Pick<CountedExperiment, 'experiment' | 'plan'>): { readonly direction: 'low' | 'high'; readonly count: number; readonly expected: number } {
  const clients = arms.reduce((sum, arm) => sum + arm.clients, 0);
  const asked = Object.values(weights).reduce((sum, weight) => sum + weight, 0);
  const rows = Object.entries(weights).map(([name, weight]) => ({ count: arms.find(({ arm }) => arm === name)?.clients ?? 0, expected: Math.round((clients * weight) / asked) }));
  const [farthest = { count: 0, expected: 0 }] = rows.sort((a, b) => Math.abs(b.count - b.expected) - Math.abs(a.count - a.expected));
  return { ...farthest, direction: farthest.count < farthest.expected ? 'low' : 'high' };
}
