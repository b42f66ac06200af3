import { dayMs, hourMs } from './calendar';
import { drawsFor } from './draws';
import { categoryOf, type Merchant } from './merchants';

/** `drift` is the change of tastes alone, at the end of the fourth week; `bias` the arm that is cleared out alone, in the first. */
export const troubleLevels = ['none', 'demo', 'all', 'drift', 'bias'] as const;
export type TroubleLevel = (typeof troubleLevels)[number];

export type TroubleKind =
  | 'half-volume' | 'terminal-down' | 'double-delivery' | 'late-and-reordered' | 'dirty-fields' | 'stream-outage' | 'wrong-term' | 'taste-shift' | 'payment-diversion' | 'constant-model' | 'biased-arm';

/** Something that goes wrong on a planted day; its bounds are the truth that a detector is judged by. */
export interface Trouble {
  readonly kind: TroubleKind;
  readonly startMs: number;
  readonly endMs: number;
  /** A share of what it touches, 0..1; of a wrong term, the discount's. */
  readonly size: number;
  /** An event type, a merchant's or a campaign's id, an arm's name, or `everything`. */
  readonly what: string;
}

interface Plan {
  readonly kind: TroubleKind;
  /** Since the cycle's start; the hour of the day is drawn. */
  readonly day: number;
  /** By level: hours it lasts, and its size. */
  readonly demo?: readonly [number, number];
  readonly all?: readonly [number, number];
  readonly drift?: readonly [number, number];
  readonly bias?: readonly [number, number];
}

/** Those that befall one merchant. */
const merchantTroubles: readonly TroubleKind[] = ['payment-diversion', 'terminal-down', 'wrong-term'];

/** Tastes turn once: after that the new ones are the normal ones. An arm that has lost its clients does not get them back. */
const once: readonly TroubleKind[] = ['taste-shift', 'biased-arm'];

/** After this the same kinds come again, elsewhere and at other hours. */
const cycleDays = 28;

/** The first days are quiet, so that a detector has seen a normal week; no two of a kind overlap. */
const plans: readonly Plan[] = [
  { kind: 'payment-diversion', day: 5, demo: [240, 0.5], all: [336, 0.8] },
  { kind: 'half-volume', day: 7, demo: [5, 0.5], all: [12, 0.5] },
  { kind: 'terminal-down', day: 8, demo: [24, 1], all: [60, 1] },
  { kind: 'double-delivery', day: 9, demo: [6, 0.1], all: [12, 0.4] },
  { kind: 'late-and-reordered', day: 10, demo: [8, 0.1], all: [12, 0.35] },
  { kind: 'dirty-fields', day: 11, demo: [12, 0.02], all: [24, 0.1] },
  { kind: 'stream-outage', day: 12, demo: [1, 1], all: [4, 1] },
  { kind: 'wrong-term', day: 13, demo: [12, 0.9], all: [48, 0.9] },
  { kind: 'taste-shift', day: 16, all: [0, 0.5] },
  { kind: 'constant-model', day: 20, all: [48, 1] },
  { kind: 'biased-arm', day: 17, all: [72, 1] },
  { kind: 'taste-shift', day: 27, drift: [0, 0.5] },
  { kind: 'biased-arm', day: 5, bias: [48, 1] },
];

export interface TroubleOptions {
  readonly seed: number;
  readonly level: TroubleLevel;
  readonly startMs: number;
  readonly merchants: readonly Merchant[];
  /** Version of a model that says the same of everything, which the bank's operators put in the place of theirs by mistake; none without one. */
  readonly constantModel?: string;
}

/** All that is planted, known in advance from the seed; in an endless world a cycle follows the other. */
export class TroubleBook {
  private readonly cycles = new Map<number, readonly Trouble[]>();

  constructor(private readonly options: TroubleOptions) {}

  /** Of the cycle in which the instant lies; none reaches into the next. */
  around(atMs: number): readonly Trouble[] {
    const { level, startMs } = this.options;
    const cycle = Math.floor((atMs - startMs) / (cycleDays * dayMs));
    if (level === 'none' || cycle < 0) return [];
    const known = this.cycles.get(cycle) ?? this.plan(cycle, level);
    this.cycles.set(cycle, known);
    return known;
  }

  active(kind: TroubleKind, atMs: number): Trouble | undefined {
    return this.around(atMs).find((trouble) => trouble.kind === kind && trouble.startMs <= atMs && atMs < trouble.endMs);
  }

  /** In the order of their start; those that have begun before the instant. */
  begun(untilMs: number): Trouble[] {
    const begun: Trouble[] = [];
    for (let atMs = this.options.startMs; atMs < untilMs; atMs += cycleDays * dayMs) begun.push(...this.around(atMs).filter(({ startMs }) => startMs < untilMs));
    return begun.sort((a, b) => a.startMs - b.startMs);
  }

  private plan(cycle: number, level: Exclude<TroubleLevel, 'none'>): Trouble[] {
    return plans.flatMap((plan, place) => {
      const measure = plan[level];
      if (!measure || (once.includes(plan.kind) && cycle > 0) || (plan.kind === 'constant-model' && !this.options.constantModel)) return [];
      const draws = drawsFor(this.options.seed, 'trouble', cycle, place);
      const startMs = this.options.startMs + (cycle * cycleDays + plan.day) * dayMs + draws.whole(8, 14) * hourMs;
      return [{ kind: plan.kind, startMs, endMs: startMs + measure[0] * hourMs, size: measure[1], what: this.touched(plan.kind, draws.uniform()) }];
    });
  }

  private touched(kind: TroubleKind, draw: number): string {
    if (kind === 'half-volume' || kind === 'stream-outage') return 'transaction.authorised';
    if (kind === 'constant-model') return this.options.constantModel ?? '';
    if (kind === 'biased-arm') return 'random';
    if (!merchantTroubles.includes(kind)) return 'everything';
    // A much visited one, so that it has purchases and offers enough to be seen in.
    const partners = this.options.merchants.filter(({ partner, opensOnDay, online }) => partner && opensOnDay === 0 && !online);
    const known = partners.sort((a, b) => visits(b) - visits(a)).slice(0, Math.max(1, Math.ceil(partners.length / 4)));
    // No merchant has two kinds of trouble.
    const own = known.filter((_, rank) => rank % merchantTroubles.length === merchantTroubles.indexOf(kind));
    return (own[Math.floor(draw * own.length)] ?? known[0])?.merchantId ?? 'nobody';
  }
}

/** How much a merchant is visited, as a logarithm. */
function visits(merchant: Merchant): number {
  return merchant.popularity - Math.log(categoryOf(merchant).meanGapDays);
}
