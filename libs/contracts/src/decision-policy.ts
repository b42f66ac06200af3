import { z } from 'zod';
import { contactLimits } from './contact-limits';
import { identifier } from './envelope';

const days = z.number().min(0).max(366);
const hour = z.int().min(0).max(24);
const share = z.number().min(0).max(1);

/** Who may get an offer, when, how often, how boldly: one document, changed through the control log. Its version stands in every decision. */
export const decisionPolicySchema = z.object({
  version: identifier,
  contact: z.object({
    dailyCap: z.int().min(0).max(100).describe('Offers to a client in any 24 hours.'),
    weeklyCap: z.int().min(0).max(100).describe('Offers to a client in any 7 days.'),
    campaignCap: z.int().min(0).max(100).describe('Offers of one campaign to a client in `campaignCapDays`.'),
    campaignCapDays: days,
    quietFromHour: hour.describe('Local hours between which nobody is disturbed; may reach over midnight. Equal hours: no quiet.'),
    quietUntilHour: hour,
    coolDownDays: days.describe('Silence after a declined offer.'),
    reofferDays: days.describe('The same campaign is not offered again for so long.'),
    declinedDays: days.describe('A merchant whose offer was declined is not offered again for so long.'),
  }),
  eligibility: z.object({
    minimumCardAgeDays: days.describe('Clients whose card is younger get no offers; where its age is not known, it is old enough.'),
    farthestKm: z.number().min(0).max(20_100).describe('A merchant with a place, farther from the client than this, is not offered.'),
    channels: z.array(z.enum(['online', 'offline'])).describe('Merchants of these channels are offered.'),
  }),
  exploration: z.object({
    share: share.describe('Of the model arm’s decisions, drawn evenly among what is worth something instead of by value.'),
    newcomerShare: share.describe('The same for newcomers, of whom the model knows nothing yet.'),
    newcomerDays: days.describe('How long a client is new, from his first event.'),
  }),
  budget: z.object({
    headStart: share.describe('Of a campaign’s budget, what may be used ahead of its share of the campaign’s days; 1 switches pacing off.'),
    expectedUse: share.describe('Of a reservation, what is spent in the mean: reservations cover the worst case.'),
    dearFrom: share.describe('From this share of what the pace allows on, a further discount has a price above itself, which reaches 1 at the limit.'),
  }),
});

export type DecisionPolicy = z.infer<typeof decisionPolicySchema>;

/**
 * In force until another one is published. The limits are shared with the feature store, which asks for no decision that they would forbid.
 * A cautious start, by judgement, except `expectedUse`: about a tenth of the offers are redeemed, for a third of what their reservations cover, and rounded up.
 */
export const cautiousPolicy: DecisionPolicy = {
  version: 'cautious-2',
  contact: { ...contactLimits, campaignCap: 3, campaignCapDays: 90, reofferDays: 14, declinedDays: 30 },
  eligibility: { minimumCardAgeDays: 0, farthestKm: 50, channels: ['online', 'offline'] },
  exploration: { share: 0.1, newcomerShare: 0.2, newcomerDays: 14 },
  budget: { headStart: 0.25, expectedUse: 0.1, dearFrom: 0.7 },
};
