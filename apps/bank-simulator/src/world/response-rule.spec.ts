import { describe, expect, it } from 'vitest';
import { momentOf } from './answer-offer';
import { clientOf } from './clients';
import { newLife } from './client-life';
import { supplyOf } from './market';
import { acceptProbability, redemptionProbability, viewProbability, type OfferMoment } from './response-rule';

const startMs = Date.UTC(2026, 0, 5);
const supply = supplyOf({ seed: 3, clients: 0, merchants: 120, campaigns: 60, startMs, world: 'smooth', troubles: 'none' });
const clients = Array.from({ length: 300 }, (_, index) => clientOf(3, index, supply.merchants));
const lives = clients.map((client) => newLife(supply, client, startMs));

/** Every client with every campaign on each of its terms, changed as the test wants. */
function meanOver(change: (moment: OfferMoment) => OfferMoment, value: (moment: OfferMoment) => number): number {
  const all = moments().map((moment) => value(change(moment)));
  return all.reduce((sum, probability) => sum + probability, 0) / all.length;
}

function moments(): OfferMoment[] {
  return clients.flatMap((client, index) => momentsOf(client, lives[index]!));
}

function momentsOf(client: (typeof clients)[number], life: (typeof lives)[number]): OfferMoment[] {
  return supply.campaignsAt(startMs).flatMap(({ merchantId, terms: grid }) =>
    grid.map((terms) => momentOf({ market: supply, client, life, merchant: supply.merchantById.get(merchantId)!, offer: { terms }, nowMs: startMs })),
  );
}

const withTerms = (over: Partial<OfferMoment['terms']>) => (moment: OfferMoment): OfferMoment => ({ ...moment, terms: { ...moment.terms, ...over } });

describe('the hidden rule', () => {
  it('accepts more the deeper the discount, and less the larger the minimum check', () => {
    const [shallow, deep] = [5, 25].map((discountPercent) => meanOver(withTerms({ discountPercent }), acceptProbability)) as [number, number];
    expect(deep).toBeGreaterThan(1.3 * shallow);
    const [none, large] = [0, 20_000].map((minimumCheckMinor) => meanOver(withTerms({ minimumCheckMinor }), acceptProbability)) as [number, number];
    expect(large).toBeLessThan(0.6 * none);
  });

  it('accepts more in need, and less when tired of offers', () => {
    expect(meanOver((moment) => ({ ...moment, elapsedGaps: 1.5 }), acceptProbability)).toBeGreaterThan(1.5 * meanOver((moment) => ({ ...moment, elapsedGaps: 0.1 }), acceptProbability));
    expect(meanOver((moment) => ({ ...moment, fatigue: 5 }), acceptProbability)).toBeLessThan(0.6 * meanOver((moment) => moment, acceptProbability));
    expect(viewProbability(5)).toBeLessThan(viewProbability(0));
  });

  it('is worth less for each further percent: 5 to 15 moves more than 30 to 40', () => {
    const at = (discountPercent: number): number => meanOver(withTerms({ discountPercent }), (moment) => Math.log(acceptProbability(moment) / (1 - acceptProbability(moment))));
    expect(at(15) - at(5)).toBeGreaterThan(2 * (at(40) - at(30)));
    expect(at(40) - at(30)).toBeGreaterThan(0);
  });

  it('has hurdles in the world of habits: a discount that is large enough is as good as a larger one, and none makes up for the way', () => {
    const inHabit = (over: Partial<OfferMoment>) => (moment: OfferMoment): OfferMoment => ({ ...moment, world: 'habit', ...over });
    const at = (discountPercent: number): number => meanOver((moment) => inHabit({})(withTerms({ discountPercent })(moment)), acceptProbability);
    expect(at(60)).toBe(at(30));
    expect(at(20)).toBeGreaterThan(1.5 * at(2));
    expect(meanOver(inHabit({ fatigue: 4 }), acceptProbability)).toBeLessThan(0.4 * meanOver(inHabit({}), acceptProbability));
    const random = meanOver(inHabit({}), redemptionProbability);
    expect(random).toBeGreaterThan(0.05);
    expect(random).toBeLessThan(0.13);
  });

  it('leaves room to learn: at random 5-12 %, the best tenth for each client several times as much', () => {
    const random = meanOver((moment) => moment, redemptionProbability);
    expect(random).toBeGreaterThan(0.05);
    expect(random).toBeLessThan(0.12);
    const bestTenths = clients.map((client, index) => {
      const sorted = momentsOf(client, lives[index]!).map(redemptionProbability).sort((a, b) => b - a);
      return sorted[Math.floor(sorted.length / 10)] as number;
    });
    expect(bestTenths.reduce((sum, probability) => sum + probability, 0) / bestTenths.length).toBeGreaterThan(2 * random);
  });

  it('is not the same for all: depth moves students more than the affluent', () => {
    const gain = (segment: string): number => {
      const some = moments().filter(({ client }) => client.segment.name === segment);
      const logit = (moment: OfferMoment): number => Math.log(acceptProbability(moment) / (1 - acceptProbability(moment)));
      return some.reduce((sum, moment) => sum + logit(withTerms({ discountPercent: 25 })(moment)) - logit(withTerms({ discountPercent: 5 })(moment)), 0) / some.length;
    };
    expect(gain('student')).toBeGreaterThan(2 * gain('affluent'));
  });
});
