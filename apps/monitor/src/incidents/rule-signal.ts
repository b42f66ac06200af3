import type { SignalPoint } from '@sp/contracts';
import type { Direction, IncidentEntry } from '@sp/monitoring';

/** What a rule says of a signal at one look. */
export interface Ruling {
  readonly signal: string;
  readonly group: string;
  readonly atMs: number;
  readonly isStrange: boolean;
  readonly direction: Direction;
  readonly count: number;
  readonly expected: number;
}

const chartPoints = 180;

/** Signals that a rule calls strange or not, without a detector of their own: opened at the first strange look, closed when none was for a while. */
export class RuleSignals {
  private readonly open = new Map<string, { readonly ruling: Ruling; readonly lastMs: number }>();
  private readonly points = new Map<string, SignalPoint[]>();

  chart(signal: string): readonly SignalPoint[] {
    return this.points.get(signal) ?? [];
  }

  take(rulings: readonly Ruling[]): IncidentEntry[] {
    return rulings.flatMap((ruling) => {
      this.draw(ruling);
      if (!ruling.isStrange) return [];
      const isNew = !this.open.has(ruling.signal);
      this.open.set(ruling.signal, { ruling, lastMs: ruling.atMs });
      return isNew ? [entryOf('detected', ruling, ruling.atMs)] : [];
    });
  }

  /** Those of whom nothing strange was said for so long. */
  close(beginning: string, nowMs: number, quietMs: number): IncidentEntry[] {
    return [...this.open].flatMap(([signal, { ruling, lastMs }]) => {
      if (!signal.startsWith(beginning) || nowMs - lastMs < quietMs) return [];
      this.open.delete(signal);
      return [entryOf('recovered', ruling, lastMs + quietMs)];
    });
  }

  private draw({ signal, atMs, count, expected, isStrange }: Ruling): void {
    const points = this.points.get(signal) ?? [];
    if (points.length === 0 && !isStrange) return;
    this.points.set(signal, [...points, { timeMs: atMs, count, expected }].slice(-chartPoints));
  }
}

function entryOf(kind: 'detected' | 'recovered', { signal, group, direction, count, expected }: Ruling, atMs: number): IncidentEntry {
  const rounded = (value: number): number => Math.round(value * 1_000) / 1_000;
  return { kind, signal, group, atMs, noData: false, direction, count: rounded(count), expected: rounded(expected) };
}
