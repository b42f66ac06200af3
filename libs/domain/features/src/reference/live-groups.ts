import type { Campaign } from './campaign-table';
import { mccGroup, relatedGroups, type MccGroup } from './mcc-group';
import type { Reference } from './reference';

type MerchantsByGroup = ReadonlyMap<MccGroup, ReadonlySet<string>>;

/** One index for as long as the same campaigns are live and no merchant has changed: purchases ask far more often than that. */
const indexes = new WeakMap<readonly Campaign[], { readonly merchantsVersion: number; readonly groups: MerchantsByGroup }>();

/** Does a merchant of this category's group have a live campaign? */
export function isGroupLive(reference: Reference, mcc: number, timeMs: number): boolean {
  return liveMerchantsByGroup(reference, timeMs).has(mccGroup(mcc));
}

/** Does another merchant of the same or a related group have a live campaign? */
export function isLiveElsewhere(reference: Reference, mcc: number, merchantId: string | undefined, timeMs: number): boolean {
  const groups = liveMerchantsByGroup(reference, timeMs);
  return relatedGroups(mccGroup(mcc)).some((group) => {
    const merchants = groups.get(group);
    if (!merchants) return false;
    return merchants.size > 1 || merchantId === undefined || !merchants.has(merchantId);
  });
}

function liveMerchantsByGroup({ merchants, campaigns }: Reference, timeMs: number): MerchantsByGroup {
  const live = campaigns.liveAt(timeMs);
  const known = indexes.get(live);
  if (known?.merchantsVersion === merchants.version) return known.groups;
  const groups = new Map<MccGroup, Set<string>>();
  for (const { merchantId } of live) {
    const merchant = merchants.find(merchantId);
    if (merchant) add(groups, mccGroup(merchant.mcc), merchantId);
  }
  indexes.set(live, { merchantsVersion: merchants.version, groups });
  return groups;
}

function add(groups: Map<MccGroup, Set<string>>, group: MccGroup, merchantId: string): void {
  const merchants = groups.get(group);
  if (merchants) merchants.add(merchantId);
  else groups.set(group, new Set([merchantId]));
}
