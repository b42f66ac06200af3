import { campaignsOf, roundDays, type Campaign } from './campaigns';
import { dayMs } from './calendar';
import { categories } from './categories';
import { merchantsOf, type Merchant } from './merchants';
import type { Market } from './purchases';

export interface WorldOptions {
  readonly seed: number;
  readonly clients: number;
  readonly merchants: number;
  /** One for each of so many merchants. */
  readonly campaigns: number;
  readonly startMs: number;
}

/** The city's supply: merchants and the campaigns of the running round. */
export interface Supply extends Market {
  readonly merchantById: ReadonlyMap<string, Merchant>;
  campaignsAt(timeMs: number): readonly Campaign[];
}

export function supplyOf({ seed, merchants: count, campaigns, startMs }: WorldOptions): Supply {
  const merchants = merchantsOf(seed, count, campaigns);
  const rounds = new Map<number, readonly Campaign[]>();
  const campaignsOfRound = (round: number): readonly Campaign[] => {
    const known = rounds.get(round) ?? campaignsOf(seed, merchants, startMs, round);
    rounds.set(round, known);
    return known;
  };
  return {
    seed, merchants,
    merchantsOf: categories.map((_, category) => merchants.filter((merchant) => merchant.category === category).map(({ index }) => index)),
    merchantById: new Map(merchants.map((merchant) => [merchant.merchantId, merchant])),
    campaignsAt: (timeMs) => campaignsOfRound(Math.floor((timeMs - startMs) / (roundDays * dayMs))),
  };
}
