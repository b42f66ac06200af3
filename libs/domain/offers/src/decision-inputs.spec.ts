import { cautiousPolicy, type DecisionRecord } from '@sp/contracts';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { aCandidate, aDecisionInput, aProfile, aScored, inArm, noonMs } from './builders';
import { noContact } from './contact-state';
import { dayMs } from './day-ms';
import { decide } from './decide';
import { inputFromRecord } from './decision-inputs';
import { arms } from './experiment';

const asStored = (record: DecisionRecord): DecisionRecord => JSON.parse(JSON.stringify(record)) as DecisionRecord;
const exposedTimes = fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 4 });
const someRows = fc.array(fc.record({ conversion: fc.double({ min: 0, max: 1, noNaN: true }), marginPercent: fc.integer({ min: 0, max: 60 }), expectedCheckMinor: fc.integer({ min: 0, max: 9000 }) }), { maxLength: 12 });

it('is made again from its own record, as ClickHouse keeps it, to the letter', () => {
  fc.assert(
    fc.property(someRows, exposedTimes, fc.constantFrom(...arms), fc.integer({ min: 0, max: 23 }), (rows, days, arm, hour) => {
      const candidates = rows.map((over, place) => aCandidate({ campaignId: `k-${place}`, ...over }));
      const contact = { ...noContact, exposures: days.map((day) => ({ campaignId: `k-${day % 3}`, timeMs: noonMs - day * dayMs, ghost: arm === 'holdout' })) };
      const scored = aScored({ candidates, vector: [NaN, 7], profile: aProfile({ merchants: [{ merchantId: 'm-1', purchases: 3, lastMs: 0 }], firstSeenMs: noonMs - 50 * dayMs }) });
      const { record } = decide(aDecisionInput({ scored, contact, experiment: inArm(arm), policy: cautiousPolicy, timeMs: noonMs + hour * 3_600_000 }));
      expect(asStored(decide(inputFromRecord(asStored(record))!).record)).toEqual(asStored(record));
    }),
  );
});

it('says of all choices with what probability they are made, "no offer" among them: together 1', () => {
  fc.assert(
    fc.property(someRows, fc.constantFrom(...arms), fc.nat({ max: 1000 }), (rows, arm, client) => {
      const candidates = rows.map((over, place) => aCandidate({ campaignId: `k-${place}`, ...over }));
      const { record } = decide(aDecisionInput({ clientId: `c-${client}`, scored: aScored({ candidates }), experiment: inArm(arm), policy: cautiousPolicy }));
      const ofOffers = record.considered.reduce((sum, { propensity }) => sum + propensity, 0);
      expect(ofOffers + (record.outcome === 'none' ? record.propensity : 0)).toBeCloseTo(1, 9);
      if (record.offer) expect(record.considered.find(({ removedBy }) => removedBy === undefined)?.propensity).toBe(record.propensity);
    }),
  );
});

it('keeps nothing of a client who has not consented but that he has not', () => {
  const { record } = decide(aDecisionInput({ scored: aScored({ profile: aProfile({ offersConsent: false }) }) }));
  expect(record).toMatchObject({ reason: 'no-consent', considered: [], barrier: { value: false, threshold: true } });
  expect(record.inputs).toBeUndefined();
});
