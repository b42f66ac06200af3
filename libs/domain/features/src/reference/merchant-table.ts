import { around } from 'geokdbush';
import KDBush from 'kdbush';
import type { BankEventData, LineEventOf, Place } from '@sp/contracts';

export type Merchant = BankEventData<'merchant.registered'>;

/**
 * All merchants as last registered. Applying the same events again changes nothing; the last one applied wins.
 * The answer of every query depends on the merchants alone, not on the order in which they came.
 */
export class MerchantTable {
  private readonly byId = new Map<string, Merchant>();
  private located: readonly Merchant[] = [];
  private index: KDBush | undefined;
  private indexIsStale = false;
  private changes = 0;

  apply(event: LineEventOf<'merchant.registered'>): void {
    const before = this.byId.get(event.data.merchantId);
    this.byId.set(event.data.merchantId, event.data);
    this.changes++;
    if (before?.location?.lat !== event.data.location?.lat || before?.location?.lon !== event.data.location?.lon) this.indexIsStale = true;
  }

  /** Grows with each change, so that what is derived from the table knows when it is stale. */
  get version(): number {
    return this.changes;
  }

  find(merchantId: string): Merchant | undefined {
    return this.byId.get(merchantId);
  }

  /** Merchants with a location within the radius, nearest first; `accepts` filters before the limit counts. */
  nearby(place: Place, radiusMeters: number, limit: number, accepts?: (merchant: Merchant) => boolean): Merchant[] {
    const index = this.freshIndex();
    if (!index) return [];
    const predicate = accepts && ((row: number) => accepts(this.locatedAt(row)));
    return around(index, place.lon, place.lat, limit, radiusMeters / 1000, predicate).map((row) => this.locatedAt(row));
  }

  /** Built only when asked for after a change: a burst of registrations costs one index. */
  private freshIndex(): KDBush | undefined {
    if (!this.indexIsStale) return this.index;
    this.located = [...this.byId.values()].filter((merchant) => merchant.location).sort((a, b) => (a.merchantId < b.merchantId ? -1 : 1));
    this.index = this.located.length === 0 ? undefined : new KDBush(this.located.length);
    for (const { location } of this.located) if (location) this.index?.add(location.lon, location.lat);
    this.index?.finish();
    this.indexIsStale = false;
    return this.index;
  }

  private locatedAt(row: number): Merchant {
    const merchant = this.located[row];
    if (!merchant) throw new Error(`the index of merchants holds no row ${row}`);
    return merchant;
  }
}
