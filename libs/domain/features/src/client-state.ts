import { authorisationsCodec, noAuthorisations, type Authorisations } from './authorisations';
import { appSessions, type AppSessions } from './groups/app-sessions';
import { appUse, type AppUse } from './groups/app-use';
import { categoryUses, type CategoryUses } from './groups/category-uses';
import { clientFacts, type ClientFacts } from './groups/client-facts';
import { groupUses, type GroupUses } from './groups/group-uses';
import { merchantUses, type MerchantUses } from './groups/merchant-uses';
import { offerContact, type OfferContact } from './groups/offer-contact';
import { purchaseDecay, type PurchaseDecay } from './groups/purchase-decay';
import { purchaseGaps, type PurchaseGaps } from './groups/purchase-gaps';
import { purchaseTotals, type PurchaseTotals } from './groups/purchase-totals';
import { purchaseWindows, type PurchaseWindows } from './groups/purchase-windows';
import { spendRhythm, type SpendRhythm } from './groups/spend-rhythm';
import { usualPlaces, type UsualPlaces } from './groups/usual-places';
import { whereabouts, type Whereabouts } from './groups/whereabouts';
import { emptyMoments, momentsCodec, momentsOfVersion2, type DueMoments } from './due/due-moments';
import { integer, record, type Codec } from './stored/codec';

/** Everything that is known of one client; plain data, so that any serialiser may carry it. Written only by the fold. */
export interface ClientState {
  readonly version: typeof clientStateVersion;
  readonly firstEventMs: number;
  /** The client's own event time: the latest seen. */
  lastEventMs: number;
  /** Events older than one already seen. */
  lateEvents: number;
  /** Reversals of what is not remembered: too old, never seen, or no purchase. */
  unmatchedReversals: number;
  readonly facts: ClientFacts;
  readonly windows: PurchaseWindows;
  readonly totals: PurchaseTotals;
  readonly gaps: PurchaseGaps;
  readonly decay: PurchaseDecay;
  readonly merchants: MerchantUses;
  readonly categories: CategoryUses;
  readonly offers: OfferContact;
  readonly app: AppUse;
  readonly whereabouts: Whereabouts;
  readonly groups: GroupUses;
  readonly rhythm: SpendRhythm;
  readonly places: UsualPlaces;
  readonly sessions: AppSessions;
  readonly authorisations: Authorisations;
  readonly moments: DueMoments;
}

/** Raised whenever a stored state could no longer be read as it is. */
export const clientStateVersion = 3;

export function emptyClient(firstEventMs: number): ClientState {
  return {
    version: clientStateVersion, firstEventMs, lastEventMs: firstEventMs, lateEvents: 0, unmatchedReversals: 0,
    facts: clientFacts.empty(),
    windows: purchaseWindows.empty(),
    totals: purchaseTotals.empty(),
    gaps: purchaseGaps.empty(),
    decay: purchaseDecay.empty(),
    merchants: merchantUses.empty(),
    categories: categoryUses.empty(),
    offers: offerContact.empty(),
    app: appUse.empty(),
    whereabouts: whereabouts.empty(),
    groups: groupUses.empty(),
    rhythm: spendRhythm.empty(),
    places: usualPlaces.empty(),
    sessions: appSessions.empty(),
    authorisations: noAuthorisations(),
    moments: emptyMoments(),
  };
}

/** Field by field, in this order: whatever is added or moved is a new version. */
export const clientStateCodec: Codec<ClientState> = codecWith(momentsCodec);

/** Version 2 knew less of the due moments, and is otherwise the same. */
export const version2Codec: Codec<ClientState> = codecWith(momentsOfVersion2);

function codecWith(moments: Codec<DueMoments>): Codec<ClientState> {
  return record<ClientState>({
    version: integer as Codec<typeof clientStateVersion>, firstEventMs: integer, lastEventMs: integer, lateEvents: integer, unmatchedReversals: integer,
    facts: clientFacts.codec,
    windows: purchaseWindows.codec,
    totals: purchaseTotals.codec,
    gaps: purchaseGaps.codec,
    decay: purchaseDecay.codec,
    merchants: merchantUses.codec,
    categories: categoryUses.codec,
    offers: offerContact.codec,
    app: appUse.codec,
    whereabouts: whereabouts.codec,
    groups: groupUses.codec,
    rhythm: spendRhythm.codec,
    places: usualPlaces.codec,
    sessions: appSessions.codec,
    authorisations: authorisationsCodec,
    moments,
  });
}
