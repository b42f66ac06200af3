import { campaignsOf, roundDays, type Campaign } from './campaigns';
import { dayMs } from './calendar';
import { categories } from './categories';
import { merchantsOf, type Merchant } from './merchants';
import type { Market } from './purchases';
import { TroubleBook, type TroubleLevel } from './troubles';
import type { WorldKind } from './worlds';

export interface WorldOptions {
  readonly seed: number;
  readonly clients: number;
  readonly merchants: number;
  /** One for each of so many merchants. */
  readonly campaigns: number;
  readonly startMs: number;
  readonly world: WorldKind;
  readonly troubles: TroubleLevel;
  readonly constantModel?: string;
}

/** The city's supply: merchants, the campaigns of the running round, and what is planted to go wrong. */
export interface Supply extends Market {
  readonly merchantById: ReadonlyMap<string, Merchant>;
  readonly book: TroubleBook;
  /** Of merchants that are open. */
  campaignsAt(timeMs: number): readonly Campaign[];
}

export function supplyOf({ seed, merchants: count, campaigns, startMs, world, troubles, constantModel }: WorldOptions): Supply {
  const merchants = merchantsOf(seed, count, campaigns);
  const merchantById = new Map(merchants.map((merchant) => [merchant.merchantId, merchant]));
  const book = new TroubleBook({ seed, level: troubles, startMs, merchants, ...(constantModel !== undefined && { constantModel }) });
  const tasteShift = book.around(startMs).find(({ kind }) => kind === 'taste-shift');
  return {
    seed, world, merchants, merchantById, book,
    merchantsOf: categories.map((_, category) => merchants.filter((merchant) => merchant.category === category).map(({ index }) => index)),
    opensMs: Float64Array.from(merchants, ({ opensOnDay }) => (opensOnDay === 0 ? -Infinity : startMs + opensOnDay * dayMs)),
    closedAt: (atMs) => merchantById.get(book.active('terminal-down', atMs)?.what ?? '')?.index ?? -1,
    ...(tasteShift && { tasteShift: { atMs: tasteShift.startMs, share: tasteShift.size } }),
    campaignsAt: campaignFinder(seed, merchants, startMs),
  };
}

function campaignFinder(seed: number, merchants: readonly Merchant[], startMs: number): (timeMs: number) => readonly Campaign[] {
  const rounds = new Map<number, readonly Campaign[]>();
  return (timeMs) => {
    const round = Math.floor((timeMs - startMs) / (roundDays * dayMs));
    const known = rounds.get(round) ?? campaignsOf(seed, merchants, startMs, round);
    rounds.set(round, known);
    return known;
  };
}
