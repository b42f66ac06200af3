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
import { flag, integer, optional, record, text, type Codec } from './stored/codec';

/** When decisions were due for this client, and what timers must not do again. */
export interface DueMoments {
  lastMs: number | undefined;
  /** The one decision that a new client's timer asks for was asked for. */
  newcomerServed: boolean;
  /** No timer before this: it is night, or nothing is on offer. */
  timersRestUntilMs: number;
  nearMerchant: { readonly merchantId: string; readonly atMs: number } | undefined;
}

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
export const clientStateVersion = 2;

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
    moments: { lastMs: undefined, newcomerServed: false, timersRestUntilMs: 0, nearMerchant: undefined },
  };
}

/** Field by field, in this order: whatever is added or moved is a new version. */
export const clientStateCodec: Codec<ClientState> = record<ClientState>({
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
  moments: record<DueMoments>({
    lastMs: optional(integer), newcomerServed: flag, timersRestUntilMs: integer, nearMerchant: optional(record<NonNullable<DueMoments['nearMerchant']>>({ merchantId: text, atMs: integer })),
  }),
});
