import { uniform, type ClientProfile, type DecisionDue, type RetrievalKind } from '@sp/contracts';
import { mccGroup, relatedGroups } from '@sp/features';
import { fitsAudience, type Campaign, type LiveCampaigns, type MerchantFacts, type MerchantFinder, type PausedMerchants } from './campaign';
import { distanceKm } from './distance';
import { dayMs } from './day-ms';
import { drawLot } from './draw-lot';
import type { MarketReader } from './market-features';
import { groupsOf, soldAt, type PeerReader } from './peer-table';

/** Chance decides among equals, so more rows than this would only cost time. */
export const maximumCampaigns = 8;
const nearbyKm = 2;
/** Where peers buy is told to those who can get there: a quarter of an hour by car. */
const reachKm = 10;
/** Price levels go from 1 to 4; who buys at 2 is not sent to 4. */
const likePriceLevels = 1;
/** Without a forecast the client's next one is most likely one of those that he uses most. */
const likelyCategories = 3;

export interface OfferReference {
  readonly merchants: MerchantFinder;
  readonly campaigns: LiveCampaigns;
  readonly popularity: PopularityReader;
  readonly peers: PeerReader;
  readonly pausedMerchants: PausedMerchants;
  readonly market: MarketReader;
}

export interface PopularityReader {
  purchasesAt(merchantId: string, timeMs: number): number;
  averageCheckMinor(merchantId: string): number;
}

/** A campaign that comes into question for a client. */
export interface Candidate {
  readonly campaign: Campaign;
  readonly merchant: MerchantFacts;
  readonly retrievedBy: RetrievalKind;
  /** 0..1, drawn from client, campaign and day: decides wherever nothing else does. */
  readonly lot: number;
}

interface Prospect extends Omit<Candidate, 'retrievedBy'> {
  readonly distanceKm: number;
}

/**
 * Which live campaigns come into question for this client now? Each kind of retrieval ranks its own; they take turns until
 * eight campaigns are found, so that no kind crowds out another. Equals are ranked by lot, another each day.
 */
export function retrieveCandidates(due: DecisionDue['data'], clientId: string, timeMs: number, reference: OfferReference): Candidate[] {
  const prospects = findProspects(due.profile, clientId, timeMs, reference);
  const rankings = rankByKind(due, prospects, timeMs, reference);
  const found = new Map<string, Candidate>();
  for (let turn = 0; turn < prospects.length; turn++) {
    for (const [kind, ranking] of rankings) {
      const next = ranking[turn];
      if (!next || found.has(next.campaign.campaignId)) continue;
      const { campaign, merchant, lot } = next;
      found.set(campaign.campaignId, { campaign, merchant, retrievedBy: kind, lot });
      if (found.size === maximumCampaigns) return [...found.values()];
    }
  }
  return [...found.values()];
}

function findProspects(profile: ClientProfile, clientId: string, timeMs: number, { merchants, campaigns, pausedMerchants }: OfferReference): Prospect[] {
  const seed = uniform(clientId, Math.floor(timeMs / dayMs));
  const prospects: Prospect[] = [];
  for (const campaign of campaigns.liveAt(timeMs)) {
    const merchant = merchants.find(campaign.merchantId);
    if (!merchant || pausedMerchants.has(merchant.merchantId) || !fitsAudience(campaign, profile)) continue;
    prospects.push({ campaign, merchant, lot: drawLot(seed, campaign.campaignId), distanceKm: distanceKm(profile.place, merchant.location) });
  }
  return prospects;
}

/** The kinds in the order of their turns. */
function rankByKind(due: DecisionDue['data'], prospects: readonly Prospect[], timeMs: number, reference: OfferReference): [RetrievalKind, Prospect[]][] {
  const { profile } = due;
  const uses = new Map(profile.merchants.map(({ merchantId, purchases }) => [merchantId, purchases]));
  const groups = groupsOf(profile);
  const [alike, likeMinded] = [reference.peers.salesOf(groups.byAttributes), reference.peers.salesOf(groups.byHabits)];
  const level = levelOf(profile, reference);
  const rank = (score: (prospect: Prospect) => number): Prospect[] => sortByScore(prospects, score);
  return [
    ['trigger', rank((prospect) => triggerScore(due, prospect.merchant))],
    ['nearby', rank(({ distanceKm }) => (distanceKm <= nearbyKm ? nearbyKm + 1 - distanceKm : 0))],
    ['habit', rank(({ campaign, merchant }) => (uses.get(merchant.merchantId) ?? 0) * (wantsHabit.has(campaign.objective) ? 2 : 1))],
    ['forecast-category', rank(({ merchant }) => categoryScore(due, merchant.mcc))],
    ['set-difference', rank((prospect) => (isStrangeInReach(prospect, uses, level) ? soldAt(alike, prospect.merchant.merchantId, timeMs) : 0))],
    ['similar-clients', rank((prospect) => (uses.has(prospect.merchant.merchantId) ? 0 : likeness(prospect.merchant, profile, level) * soldAt(likeMinded, prospect.merchant.merchantId, timeMs)))],
    // One more than seen: a merchant whom nobody knows yet is less popular, but not out of the question.
    ['popular', rank(({ merchant }) => 1 + reference.popularity.purchasesAt(merchant.merchantId, timeMs))],
  ];
}

/** More visits, or larger ones, are wanted of those who come already. */
const wantsHabit: ReadonlySet<Campaign['objective']> = new Set(['frequency', 'average-check']);

/** The set difference: he does not buy there yet, though he could get there, and at prices like those he pays. */
function isStrangeInReach({ merchant, distanceKm }: Prospect, uses: ReadonlyMap<string, number>, level: number | undefined): boolean {
  if (uses.has(merchant.merchantId) || (merchant.online !== true && distanceKm > reachKm)) return false;
  return level === undefined || merchant.priceLevel === undefined || Math.abs(merchant.priceLevel - level) <= likePriceLevels;
}

/** 0..1, by metadata: of a kind that he buys, at his price level. */
function likeness(merchant: MerchantFacts, { categories }: ClientProfile, level: number | undefined): number {
  const ofKind = categories.some(({ mcc }) => mccGroup(mcc) === mccGroup(merchant.mcc)) ? 1 : 0.5;
  return level === undefined || merchant.priceLevel === undefined ? ofKind : ofKind / (1 + Math.abs(merchant.priceLevel - level));
}

/** The mean price level of his merchants, by purchases; undefined where none is known. */
function levelOf({ merchants: used }: ClientProfile, { merchants }: OfferReference): number | undefined {
  let [sum, count] = [0, 0];
  for (const { merchantId, purchases } of used) {
    const level = merchants.find(merchantId)?.priceLevel;
    if (level === undefined) continue;
    sum += level * purchases;
    count += purchases;
  }
  return count === 0 ? undefined : sum / count;
}

/** The merchant himself, his category, its group (the first of the related ones), what goes with it. */
function triggerScore(due: DecisionDue['data'], merchant: MerchantFacts): number {
  if (due.scenario === 'forecast') return 0;
  if (due.merchantId === merchant.merchantId) return 4;
  if (due.mcc === undefined) return 0;
  if (due.mcc === merchant.mcc) return 3;
  const kin = relatedGroups(mccGroup(due.mcc)).indexOf(mccGroup(merchant.mcc));
  return kin < 0 ? 0 : kin === 0 ? 2 : 1;
}

function categoryScore(due: DecisionDue['data'], mcc: number): number {
  if (due.scenario === 'forecast' && due.mcc !== undefined) return due.mcc === mcc ? 2 : mccGroup(due.mcc) === mccGroup(mcc) ? 1 : 0;
  const place = due.profile.categories.slice(0, likelyCategories).findIndex((category) => category.mcc === mcc);
  return place < 0 ? 0 : likelyCategories - place;
}

interface Ranked {
  readonly prospect: Prospect;
  readonly points: number;
}

/** The best first, equals by their lots, without those that score nothing; no more than can be wanted of one kind. Sorting all of them for each kind would cost more than all else here. */
function sortByScore(prospects: readonly Prospect[], score: (prospect: Prospect) => number): Prospect[] {
  const best: Ranked[] = [];
  for (const prospect of prospects) {
    const points = score(prospect);
    if (points <= 0) continue;
    let place = best.length;
    while (place > 0 && isBefore(prospect, points, best[place - 1]!)) place--;
    if (place === maximumCampaigns) continue;
    best.splice(place, 0, { prospect, points });
    if (best.length > maximumCampaigns) best.pop();
  }
  return best.map(({ prospect }) => prospect);
}

function isBefore(prospect: Prospect, points: number, other: Ranked): boolean {
  if (points !== other.points) return points > other.points;
  if (prospect.lot !== other.prospect.lot) return prospect.lot < other.prospect.lot;
  return prospect.campaign.campaignId < other.prospect.campaign.campaignId;
}
