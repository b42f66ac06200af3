import { describe, expect, it } from 'vitest';
import { producedBy } from '../testing/produced-by';
import { sampleFolder } from '../testing/sample-folder';
import { starbucks } from './starbucks';

/** Made up, in the layout of the set. */
const portfolio = ['{"reward": 10, "channels": ["email"], "difficulty": 10, "duration": 7.0, "offer_type": "bogo", "id": "b0"}', '{"reward": 3, "channels": [], "difficulty": 7, "duration": 1.0, "offer_type": "discount", "id": "d1"}', '{"reward": 0, "channels": [], "difficulty": 0, "duration": 4.0, "offer_type": "informational", "id": "i2"}', ''].join('\n');
const profile = ['{"gender": "F", "age": 40, "id": "anna", "became_member_on": "20170715", "income": 112000}', '{"gender": null, "age": 118, "id": "nobody", "became_member_on": "20170212", "income": null}', ''].join('\n');

async function produced(...rows: string[]): ReturnType<typeof producedBy> {
  const events = ['t,client,event,offer,amount,reward', ...rows, ''].join('\n');
  const made = await producedBy(starbucks, sampleFolder({ 'portfolio.json': portfolio, 'profile.json.gz': profile, 'events-waves-1.csv.gz': events }));
  expect(made.contractFaults).toEqual([]);
  expect(made.linesTold).toBe(made.linesRead);
  return made;
}

type Made = Awaited<ReturnType<typeof producedBy>>;
const ofType = (made: Made, type: string): unknown[] => made.events.filter((event) => event.type === type).map(({ data }) => data);
const reasons = (made: Made): string[] => made.rejects.map(({ origin, reason }) => `${origin.line} ${reason}`);

describe('the starbucks mapping', () => {
  it('opens with the brand, a campaign an offer, and every client', async () => {
    const { events } = await produced('5,0,T,,1.5,');
    expect(events.map(({ type, subject }) => `${type} ${subject}`)).toEqual(['merchant.registered coffee-chain', 'campaign.published offer-b0', 'campaign.published offer-d1', 'campaign.published offer-i2', 'client.registered anna', 'client.registered nobody', 'transaction.authorised anna']);
    expect(new Set(events.map(({ timeMs }) => timeMs)).size).toBe(1);
  });

  it('says a reward as a share of the minimum that is capped at the reward', async () => {
    const terms = ofType(await produced(), 'campaign.published').map((data) => (data as { terms: unknown[] }).terms[0]);
    expect(terms).toMatchObject([{ discountPercent: 100, minimumCheckMinor: 1000, maximumDiscountMinor: 1000, validityDays: 7 }, { discountPercent: 300 / 7, minimumCheckMinor: 700, maximumDiscountMinor: 300 }, { discountPercent: 0, minimumCheckMinor: 0 }]);
  });

  it('leaves out what a profile does not know', async () => {
    expect(ofType(await produced(), 'client.registered')).toEqual([
      { birthYear: 1978, gender: 'F', incomeMinor: 11_200_000, memberSince: '2017-07-15', timeZone: 'UTC', consents: { offers: true, geo: false } },
      { memberSince: '2017-02-12', timeZone: 'UTC', consents: { offers: true, geo: false } },
    ]);
  });

  it('tells an offer, its view, the payment and its redemption, whatever their order within the hour', async () => {
    const made = await produced('0,0,R,0,,', '6,0,C,0,,10', '6,0,T,,12.34,', '6,0,V,0,,');
    expect(ofType(made, 'offer.recorded')).toMatchObject([{ offerId: 'events-waves-1.csv:2', campaignId: 'offer-b0', propensity: 0.0745 }]);
    expect(ofType(made, 'transaction.authorised')).toMatchObject([{ transactionId: 'events-waves-1.csv:4', amountMinor: 1234, currency: 'USD' }]);
    expect(ofType(made, 'offer.responded')).toEqual([{ offerId: 'events-waves-1.csv:2', response: 'viewed' }, { offerId: 'events-waves-1.csv:2', response: 'redeemed', transactionId: 'events-waves-1.csv:4' }]);
  });

  it('answers the oldest live one where a client has the same offer twice', async () => {
    const made = await produced('0,0,R,1,,', '20,0,R,1,,', '22,0,C,1,,3', '30,0,C,1,,3', '40,0,V,1,,');
    expect(ofType(made, 'offer.responded')).toMatchObject([{ offerId: 'events-waves-1.csv:2' }, { offerId: 'events-waves-1.csv:3' }, { offerId: 'events-waves-1.csv:3', response: 'viewed' }]);
  });

  it('rejects what has no client, no offer or no sense, each line with its reason', async () => {
    const made = await produced('0,9,T,,1.0,', '0,0,R,7,,', '0,0,T,,1e3,', '0,0,T,,0,', '0,0,V,1,,', '0,0,X,,,', '30,0,C,1,,3', 'x,0,T,,1.0,');
    expect(reasons(made).sort()).toEqual(['2 client: not in profile.json', '3 offer: not in portfolio.json', '4 amount: not a decimal amount', '5 amount: not positive', '6 view of an offer not received', '7 event: none of R, V, T, C', '8 completion of an offer not live', '9 t: not hours']);
  });

  it('does not complete an offer after its end', async () => {
    expect(reasons(await produced('0,0,R,1,,', '25,0,C,1,,3'))).toEqual(['3 completion of an offer not live']);
  });
});
