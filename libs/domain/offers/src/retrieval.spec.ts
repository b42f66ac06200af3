import type { BankEventData, ClientProfile, DecisionDue, Place } from '@sp/contracts';
import { anEvent } from '@sp/contracts/testing';
import { CampaignTable, MerchantTable } from '@sp/features';
import { describe, expect, it } from 'vitest';
import { aProfile, noonMs } from './builders';
import { dayMs } from './day-ms';
import { expandTerms } from './expand-terms';
import { unknownMarket } from './market-features';
import { modelFeatureNames, pairFeatureNames, readPairFeature } from './pair-features';
import { InMemoryEntryStore } from './entry-store';
import { PeerTable, soldAt, type ClientGroups, type GroupStore } from './peer-table';
import { PopularityTable } from './popularity-table';
import { prepareCandidates } from './prepare-candidates';
import { retrieveCandidates, type Candidate, type OfferReference } from './retrieval';

const home: Place = { lat: 52.5, lon: 13.4 };
/** One degree of latitude is about 111 km. */
const north = (km: number): Place => ({ lat: home.lat + km / 111.2, lon: home.lon });
const terms = { discountPercent: 10, validityDays: 7, minimumCheckMinor: 1000 };

interface Shop {
  readonly mcc?: number;
  readonly location?: Place;
  readonly campaign?: Partial<BankEventData<'campaign.published'>>;
}

/** Merchant `m-x` with campaign `k-x` for each shop x, in the tables of the feature library. */
class Groups extends InMemoryEntryStore<ClientGroups> implements GroupStore {
  delete(clientId: string): void {
    this.put(clientId, undefined as unknown as ClientGroups);
  }
}

function aTown(shops: Record<string, Shop>): OfferReference & { readonly popularity: PopularityTable; readonly peers: PeerTable } {
  const merchants = new MerchantTable();
  const campaigns = new CampaignTable();
  for (const [name, { mcc = 9999, location, campaign }] of Object.entries(shops)) {
    merchants.apply(anEvent('merchant.registered', { data: { merchantId: `m-${name}`, mcc, location, priceLevel: 3 } }));
    campaigns.apply(anEvent('campaign.published', { data: { campaignId: `k-${name}`, merchantId: `m-${name}`, ...campaign } }));
  }
  return { merchants, campaigns, popularity: new PopularityTable(), peers: new PeerTable(new Groups()), pausedMerchants: new Set(), market: unknownMarket };
}

function due(over: Partial<DecisionDue['data']> = {}): DecisionDue['data'] {
  return { scenario: 'event', trigger: 'app-opened', triggerEventId: 'e-1', vector: [1, 2], profile: aProfile(), ...over };
}

function buy({ popularity }: { popularity: PopularityTable }, merchantId: string, times: number): void {
  for (let time = 0; time < times; time++) popularity.apply(anEvent('transaction.authorised', { timeMs: noonMs, data: { merchantId } }));
}

const found = (candidates: readonly Candidate[]): string[] => candidates.map(({ campaign, retrievedBy }) => `${campaign.campaignId} ${retrievedBy}`);

describe('retrieveCandidates', () => {
  it('finds a campaign by each kind, the kinds taking turns', () => {
    const town = aTown({ bakery: { mcc: 5462 }, cinema: { mcc: 7832, location: north(1) }, gym: { mcc: 7997 }, hotel: { mcc: 7011 }, kiosk: { mcc: 5994 } });
    buy(town, 'm-kiosk', 3);
    const profile = aProfile({ place: home, merchants: [{ merchantId: 'm-gym', purchases: 3, lastMs: 0 }], categories: [{ mcc: 7011, purchases: 2, averageCheckMinor: 9000, lastMs: 0 }] });
    expect(found(retrieveCandidates(due({ merchantId: 'm-bakery', profile }), 'c-1', noonMs, town))).toEqual([
      'k-bakery trigger', 'k-cinema nearby', 'k-gym habit', 'k-hotel forecast-category', 'k-kiosk popular',
    ]);
  });

  it('ranks the triggering merchant before his category, that before its group, that before what goes with it', () => {
    const town = aTown({ cinema: { mcc: 7832 }, bar: { mcc: 5813 }, diner: { mcc: 5812 }, corner: { mcc: 5812 } });
    // As popular as they are close: no turn of another kind comes between.
    Object.entries({ corner: 4, diner: 3, bar: 2, cinema: 1 }).forEach(([name, count]) => buy(town, `m-${name}`, count));
    // Several clients, so that it is no luck of the lots.
    for (let client = 0; client < 10; client++) {
      expect(found(retrieveCandidates(due({ merchantId: 'm-corner', mcc: 5812 }), `c-${client}`, noonMs, town))).toEqual(['k-corner trigger', 'k-diner trigger', 'k-bar trigger', 'k-cinema trigger']);
    }
  });

  it('finds the due category’s campaigns for a forecast, exact ones first', () => {
    const town = aTown({ bar: { mcc: 5813 }, diner: { mcc: 5812 }, gym: { mcc: 7997 } });
    expect(found(retrieveCandidates(due({ scenario: 'forecast', trigger: 'own-rhythm', mcc: 5812 }), 'c-1', noonMs, town))[0]).toBe('k-diner forecast-category');
  });

  it('calls nearby what is within two kilometres', () => {
    const town = aTown({ far: { location: north(2.1) }, near: { location: north(1.9) }, nowhere: {} });
    const nearby = retrieveCandidates(due({ profile: aProfile({ place: home }) }), 'c-1', noonMs, town).filter(({ retrievedBy }) => retrievedBy === 'nearby');
    expect(found(nearby)).toEqual(['k-near nearby']);
  });

  it('tells where clients like this one buy and he does not: by what the bank knows of them, and by what they buy', () => {
    const town = aTown({ bar: { mcc: 5813, location: north(3) }, gym: { mcc: 7997 }, own: { mcc: 5812 }, far: { mcc: 5812, location: north(40) } });
    const diner = aProfile({ segment: 'young', place: home, merchants: [{ merchantId: 'm-own', purchases: 2, lastMs: 0 }], categories: [{ mcc: 5812, purchases: 2, averageCheckMinor: 900, lastMs: 0 }] });
    const meet = (subject: string, profile: ClientProfile): void => town.peers.apply({ type: 'decision.due', id: subject, source: 'test', subject, timeMs: noonMs, data: due({ profile }) });
    const peersBuy = (subject: string, merchantId: string, times: number): void => {
      for (let time = 0; time < times; time++) town.peers.apply(anEvent('transaction.authorised', { subject, timeMs: noonMs, data: { merchantId } }));
    };
    meet('c-alike', { ...diner, categories: [] });
    meet('c-eater', { ...diner, segment: 'old' });
    peersBuy('c-stranger', 'm-gym', 50);
    peersBuy('c-alike', 'm-bar', 2);
    peersBuy('c-alike', 'm-own', 9);
    peersBuy('c-alike', 'm-far', 9);
    peersBuy('c-eater', 'm-gym', 1);
    const kinds = new Map(retrieveCandidates(due({ profile: diner }), 'c-1', noonMs, town).map(({ campaign, retrievedBy }) => [campaign.campaignId, retrievedBy]));
    expect(kinds.get('k-bar')).toBe('set-difference');
    expect(kinds.get('k-own')).toBe('habit');
    expect(kinds.get('k-gym')).toBe('similar-clients');
    town.peers.apply(anEvent('client.erasure.requested', { subject: 'c-alike' }));
    peersBuy('c-alike', 'm-gym', 100);
    expect(soldAt(town.peers.salesOf('a:young'), 'm-gym', noonMs)).toBe(0);
    expect(soldAt(town.peers.salesOf('a:young'), 'm-bar', noonMs + 14 * dayMs)).toBeCloseTo(1, 9);
  });

  it('finds nothing of a paused merchant', () => {
    const town = aTown({ open: {}, shut: {} });
    expect(found(retrieveCandidates(due(), 'c-1', noonMs, { ...town, pausedMerchants: new Set(['m-shut']) }))).toEqual(['k-open popular']);
  });

  it('leaves out who is outside the audience, what does not run and what is paused', () => {
    const town = aTown({
      open: {}, premium: { campaign: { audience: { segment: ['premium'] } } }, drivers: { campaign: { audience: { hasCar: [true] } } }, over: { campaign: { endsAt: '2026-01-02T00:00:00Z' } },
      known: { campaign: { objective: 'new-merchant' } },
    });
    const profile = aProfile({ attributes: { hasCar: true }, merchants: [{ merchantId: 'm-known', purchases: 1, lastMs: 0 }] });
    expect(found(retrieveCandidates(due({ profile }), 'c-1', noonMs, town)).sort()).toEqual(['k-drivers popular', 'k-open popular']);
    (town.campaigns as CampaignTable).apply({ type: 'campaign.paused', id: 'p', source: 'test', subject: 'k-open', timeMs: noonMs, data: { campaignId: 'k-open', paused: true, by: 'operator' } });
    expect(found(retrieveCandidates(due({ profile }), 'c-1', noonMs, town))).toEqual(['k-drivers popular']);
  });

  it('gives newcomers eight campaigns, others to another client and on another day, the same again on replay', () => {
    const town = aTown(Object.fromEntries(Array.from({ length: 40 }, (_, number) => [`${number}`, {}])));
    const campaignsOf = (clientId: string, timeMs: number): string[] => retrieveCandidates(due(), clientId, timeMs, town).map(({ campaign }) => campaign.campaignId);
    expect(campaignsOf('c-1', noonMs)).toHaveLength(8);
    expect(campaignsOf('c-1', noonMs + 1)).toEqual(campaignsOf('c-1', noonMs));
    expect(campaignsOf('c-2', noonMs)).not.toEqual(campaignsOf('c-1', noonMs));
    expect(campaignsOf('c-1', noonMs + dayMs)).not.toEqual(campaignsOf('c-1', noonMs));
    const met = new Set(Array.from({ length: 60 }, (_, number) => campaignsOf(`c-${number}`, noonMs)).flat());
    expect(met.size).toBe(40);
  });
});

describe('expandTerms', () => {
  const withGrids = (...sizes: number[]): Candidate[] => {
    const shops = sizes.map((size, place) => [`${place}`, { campaign: { terms: Array.from({ length: size }, (_, point) => ({ ...terms, discountPercent: point })) } }] as const);
    return retrieveCandidates(due(), 'c-1', noonMs, aTown(Object.fromEntries(shops)));
  };
  const countsOf = (candidates: Candidate[]): number[] => candidates.map((candidate) => expandTerms(candidates).filter((row) => row.candidate === candidate).length).sort((a, b) => a - b);

  it('keeps whole grids that fit', () => {
    expect(expandTerms(withGrids(3)).map(({ terms: { discountPercent } }) => discountPercent)).toEqual([0, 1, 2]);
    expect(expandTerms([])).toEqual([]);
  });

  it('never makes more than 64 rows: five whole grids of twelve, then what is left', () => {
    expect(countsOf(withGrids(24, 24, 24, 24, 24, 24, 24, 24))).toEqual([0, 0, 4, 12, 12, 12, 12, 12]);
    expect(countsOf(withGrids(4, 4, 4, 4, 4, 4, 4, 4))).toEqual([4, 4, 4, 4, 4, 4, 4, 4]);
  });

  it('samples a grid evenly: distinct points, and over clients every one of them', () => {
    const town = aTown({ a: { campaign: { terms: Array.from({ length: 24 }, (_, point) => ({ ...terms, discountPercent: point })) } } });
    const sampled = Array.from({ length: 100 }, (_, number) => expandTerms(retrieveCandidates(due(), `c-${number}`, noonMs, town), 4).map((row) => row.terms.discountPercent));
    for (const points of sampled) expect(new Set(points).size).toBe(4);
    expect(new Set(sampled.flat()).size).toBe(24);
  });
});

describe('prepareCandidates', () => {
  it('describes client, campaign and terms to the model under their names', () => {
    const town = aTown({ bakery: { mcc: 5462, location: north(1) } });
    const profile = aProfile({
      place: home, timeZone: 'Europe/Berlin', merchants: [{ merchantId: 'm-bakery', purchases: 4, lastMs: noonMs - 2 * dayMs }],
      categories: [{ mcc: 5462, purchases: 6, averageCheckMinor: 500, lastMs: noonMs - dayMs }],
    });
    const [row] = prepareCandidates(due({ profile }), 'c-1', noonMs, town);
    expect(row).toMatchObject({ campaignId: 'k-bakery', merchantId: 'm-bakery', objective: 'spend', terms, currency: 'EUR', marginPercent: 30, retrievedBy: 'nearby', knownMerchant: true, expectedCheckMinor: 1000 });
    expect(modelFeatureNames(['a', 'b'])).toHaveLength(2 + row!.features.length);
    const read = Object.fromEntries(pairFeatureNames.map((name) => [name.slice(5), readPairFeature(row!.features, name)]));
    expect(read).toMatchObject({
      discount_percent: 10, validity_days: 7, minimum_over_average_check: 2, known_merchant: 1, merchant_purchases: 4, merchant_days_since: 2, category_purchases: 6,
      category_days_since: 1, price_level: 3, local_hour: 13, retrieved_nearby: 1, retrieved_trigger: 0, retrieved_popular: 0,
    });
    expect(read['distance_km']).toBeCloseTo(1, 2);
  });

  it('says NaN of what it does not know, and takes the others’ check for a newcomer’s', () => {
    const town = aTown({ bakery: { mcc: 5462 } });
    town.popularity.apply(anEvent('transaction.authorised', { timeMs: noonMs, data: { merchantId: 'm-bakery', amountMinor: 4200 } }));
    const [row] = prepareCandidates(due({ profile: aProfile({ averageCheckMinor: 0 }) }), 'c-1', noonMs, town);
    for (const name of ['pair.distance_km', 'pair.merchant_days_since', 'pair.category_days_since', 'pair.minimum_over_average_check'] as const) expect(readPairFeature(row!.features, name)).toBeNaN();
    expect(row?.expectedCheckMinor).toBe(4200);
  });
});

describe('PopularityTable', () => {
  const bought = (timeMs: number, over: object = {}) => anEvent('transaction.authorised', { timeMs, data: over });

  it('halves a purchase’s weight every two weeks, in whatever order purchases come', () => {
    const [early, late] = [bought(noonMs), bought(noonMs + 14 * dayMs)];
    for (const order of [[early, late], [late, early]]) {
      const table = new PopularityTable();
      order.forEach((event) => table.apply(event));
      expect(table.purchasesAt('m-1', noonMs + 14 * dayMs)).toBeCloseTo(1.5, 12);
      expect(table.purchasesAt('m-1', noonMs + 28 * dayMs)).toBeCloseTo(0.75, 12);
      expect(table.averageCheckMinor('m-1')).toBe(1250);
    }
  });

  it('counts purchases at merchants only', () => {
    const table = new PopularityTable();
    table.apply(bought(noonMs, { kind: 'transfer' }));
    table.apply(anEvent('client.acted', { timeMs: noonMs }));
    expect([table.purchasesAt('m-1', noonMs), table.averageCheckMinor('m-1')]).toEqual([0, 0]);
  });
});
