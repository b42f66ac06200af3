import type { Ledger, LedgerColumn } from '../world/ledger';
import { liftOf, meanOf, ratioOf, type Estimate } from './estimates';

/** Money in minor units; each figure with its interval, where there are clients enough. */
export interface ArmFigures {
  readonly arm: string;
  readonly clients: number;
  readonly shareOfWallet?: Estimate;
  readonly totalSpendPerClientMinor?: Estimate;
  readonly ourSpendPerClientMinor?: Estimate;
  /** Purchases with our card. */
  readonly visitsPerClient?: Estimate;
  readonly averageCheckMinor?: Estimate;
  /** The merchants' margin on them, less the discounts given. */
  readonly marginPerClientMinor?: Estimate;
  readonly discountPerClientMinor?: Estimate;
  /** Against the holdout, as an experiment sees it: another group of clients, with luck of its own. */
  readonly againstHoldout?: Lifts;
  /** Against what these same clients would have done without any offer, which only the oracle knows. */
  readonly trueEffect: Lifts;
}

/** As shares of the other's mean: 0.1 is ten per cent more. */
export interface Lifts {
  readonly ourSpend?: Estimate;
  /** Our spend less the discounts: what the experiment of the system compares. */
  readonly netSpend?: Estimate;
  readonly totalSpend?: Estimate;
  readonly visits?: Estimate;
  readonly margin?: Estimate;
}

export const holdout = 'holdout';

/** Of these weeks together, or of the whole run. */
export function figuresByArm(ledger: Ledger, members: ReadonlyMap<string, readonly number[]>, weeks?: readonly number[]): ArmFigures[] {
  const rows = [...members].map(([arm, clients]) => ({ arm, columns: new Columns(ledger, clients, weeks) }));
  const base = rows.find(({ arm }) => arm === holdout)?.columns;
  return rows.map(({ arm, columns }) => figuresOf(arm, columns, arm === holdout ? undefined : base)).sort((a, b) => a.arm.localeCompare(b.arm));
}

class Columns {
  readonly size: number;

  constructor(private readonly ledger: Ledger, private readonly clients: readonly number[], private readonly weeks: readonly number[] | undefined) {
    this.size = clients.length;
  }

  of(column: LedgerColumn): number[] {
    const { ledger, weeks } = this;
    return this.clients.map((client) => (weeks ? weeks.reduce((sum, week) => sum + ledger.read(column, client, week), 0) : ledger.read(column, client)));
  }

  net(): number[] {
    const discounts = this.of('discountMinor');
    return this.of('oursMinor').map((ours, place) => ours - (discounts[place] ?? 0));
  }
}

function figuresOf(arm: string, columns: Columns, base: Columns | undefined): ArmFigures {
  const [ours, total, visits, margin] = [columns.of('oursMinor'), columns.of('totalMinor'), columns.of('visits'), columns.of('marginMinor')];
  return {
    arm,
    clients: columns.size,
    ...given('shareOfWallet', ratioOf(ours, total)),
    ...given('totalSpendPerClientMinor', meanOf(total)),
    ...given('ourSpendPerClientMinor', meanOf(ours)),
    ...given('visitsPerClient', meanOf(visits)),
    ...given('averageCheckMinor', ratioOf(ours, visits)),
    ...given('marginPerClientMinor', meanOf(margin)),
    ...given('discountPerClientMinor', meanOf(columns.of('discountMinor'))),
    ...(base && { againstHoldout: liftsAgainst(columns, base) }),
    trueEffect: trueEffect(columns),
  };
}

function liftsAgainst(columns: Columns, base: Columns): Lifts {
  return {
    ...given('ourSpend', liftOf(columns.of('oursMinor'), base.of('oursMinor'))),
    ...given('netSpend', liftOf(columns.net(), base.net())),
    ...given('totalSpend', liftOf(columns.of('totalMinor'), base.of('totalMinor'))),
    ...given('visits', liftOf(columns.of('visits'), base.of('visits'))),
    ...given('margin', liftOf(columns.of('marginMinor'), base.of('marginMinor'))),
  };
}

/** The same clients on both sides: the interval speaks of the clients who might have been drawn, not of luck in the figures. */
function trueEffect(columns: Columns): Lifts {
  const against = (values: number[], base: number[]): Estimate | undefined => ratioOf(values.map((value, place) => value - (base[place] ?? 0)), base);
  const baseOurs = columns.of('baseOursMinor');
  return {
    ...given('ourSpend', against(columns.of('oursMinor'), baseOurs)),
    ...given('netSpend', against(columns.net(), baseOurs)),
    ...given('totalSpend', against(columns.of('totalMinor'), columns.of('baseTotalMinor'))),
    ...given('visits', against(columns.of('visits'), columns.of('baseVisits'))),
    ...given('margin', against(columns.of('marginMinor'), columns.of('baseMarginMinor'))),
  };
}

function given<K extends string>(name: K, estimate: Estimate | undefined): { [name in K]?: Estimate } {
  return estimate ? ({ [name]: estimate } as { [name in K]?: Estimate }) : {};
}
