import type { LineEvent, LineEventOf, Outcome } from '@sp/contracts';
import { closesAtMs, openOffer, openUntilMs, respondTo, type OpenOffer } from './attribution/open-offer';
import { outcomeOf, wordsOf } from './attribution/outcome-of';
import { leftAfter, matchPurchases, seenPurchase, type SeenPurchase, type SeenReversal } from './attribution/seen-purchase';
import { dayMs } from './day-ms';
import { graceMs, noGroups, type GroupOf } from './redemption';

/** What attribution remembers of a client: a plain value. */
export interface OpenOffers {
  readonly open: readonly OpenOffer[];
  /** Ids of the offers settled last, so that a repeated decision does not open one again. */
  readonly closed: readonly string[];
  readonly purchases: readonly SeenPurchase[];
  readonly reversals: readonly SeenReversal[];
  /** Decisions and purchases so far; see `OpenOffer.place`. */
  readonly places: number;
}

export interface AttributionStep {
  /** Undefined before the client's first offer and after his erasure. */
  readonly state: OpenOffers | undefined;
  /** First words on an offer. */
  readonly outcomes: readonly Outcome[];
  /** Later words on offers whose outcome was told. */
  readonly amendments: readonly Outcome[];
  /** When `wakeOpenOffers` has something to do. */
  readonly wakeAtMs?: number;
}

/**
 * So long after a purchase its reversals still correct the outcome. Shops commonly take goods back for 14 to 30 days; the figures of the
 * arms count later ones too, from the bookings themselves.
 */
export const reversalHorizonMs = 30 * dayMs;

/** More offers than the caps allow in the time over which events repeat. */
const rememberedClosed = 64;
/** As many as the feature store remembers of a client; who buys more often in one offer's time is a machine. */
const rememberedPurchases = 200;
const nothingOpen: OpenOffers = { open: [], closed: [], purchases: [], reversals: [], places: 0 };

/**
 * What did an offer come to? Its outcome is told once: at the purchase that redeems it, or when its time and a day of grace are over. A
 * reported redemption waits a day for its purchase, which knows the money. What comes later and changes it (an earlier purchase or a response
 * until the grace ends, a reversal within `reversalHorizonMs`) amends it. The last word depends on what happened, not on the order of
 * arrival or on repetitions; only a purchase that was known before its offer cannot redeem it. Responses to unknown offers are ignored.
 */
export function foldOpenOffers(state: OpenOffers | undefined, event: LineEvent, groupOf = noGroups): AttributionStep {
  switch (event.type) {
    case 'client.erasure.requested': return nothing;
    case 'decision.made': return tell(open(state, event));
    case 'offer.responded': return state ? tell(matched({ ...state, open: state.open.map((offer) => respondTo(offer, event)) }, groupOf)) : nothing;
    case 'transaction.authorised': return state ? tell(buy(state, event, groupOf)) : nothing;
    case 'purchase.reversed': return state ? tell(takeBack(state, event)) : nothing;
    default: return state ? step(state) : nothing;
  }
}

/** Tells what is over at `timeMs`, the earliest first, and lets go of what cannot change any more. */
export function wakeOpenOffers(state: OpenOffers | undefined, timeMs: number): AttributionStep {
  if (!state) return nothing;
  const told = tell(state, timeMs);
  const aged = told.state!.open.map((offer) => (!offer.over && openUntilMs(offer) <= timeMs ? { ...offer, over: true } : offer));
  return step(forget({ ...told.state!, open: aged }, timeMs), told.outcomes, told.amendments);
}

/** A state of the version before: reversals and other purchases were not remembered. */
export function upcastOpenOffers(stored: unknown): OpenOffers {
  const { open: stale = [], closed = [] } = stored as { open?: (OpenOffer & { closesAtMs: number })[]; closed?: string[] };
  const current = stale.map(({ closesAtMs: endMs, ...offer }) => ({ ...offer, place: -1, window: [], ...(offer.reported && { reported: { ...offer.reported, atMs: endMs - graceMs } }) }));
  return { ...nothingOpen, closed, open: current };
}

const nothing: AttributionStep = { state: undefined, outcomes: [], amendments: [] };

function open(state: OpenOffers = nothingOpen, event: LineEventOf<'decision.made'>): OpenOffers {
  const offerId = event.data.offer?.offerId;
  if (offerId === undefined || state.closed.includes(offerId) || state.open.some(({ offer }) => offer.offerId === offerId)) return state;
  const opened = openOffer(event, state.places);
  return opened ? { ...state, open: [...state.open, opened], places: state.places + 1 } : state;
}

function buy(state: OpenOffers, event: LineEventOf<'transaction.authorised'>, groupOf: GroupOf): OpenOffers {
  const { kind, transactionId } = event.data;
  const concerns = (offer: OpenOffer): boolean => !offer.over && (offer.issuedAtMs <= event.timeMs || offer.reported?.transactionId === transactionId);
  if (kind !== 'purchase' || !state.open.some(concerns) || state.purchases.some((seen) => seen.transactionId === transactionId)) return state;
  const purchases = [...state.purchases, seenPurchase(event, state.places)].slice(-rememberedPurchases);
  return matched({ ...state, purchases, places: state.places + 1 }, groupOf);
}

function takeBack(state: OpenOffers, { id, data: { transactionId, amountMinor } }: LineEventOf<'purchase.reversed'>): OpenOffers {
  if (state.open.length === 0 || state.reversals.some((seen) => seen.id === id)) return state;
  return { ...state, reversals: [...state.reversals, { id, transactionId, amountMinor }].slice(-rememberedPurchases) };
}

function matched(state: OpenOffers, groupOf: GroupOf): OpenOffers {
  return { ...state, open: matchPurchases(state.open, state.purchases, groupOf) };
}

/** Says of each offer what is new: the first time where a purchase redeems it or it closes until `timeMs`, then where something differs. */
function tell(state: OpenOffers, timeMs = -Infinity): AttributionStep {
  const leftOf = leftAfter(state.reversals);
  const outcomes: Outcome[] = [];
  const amendments: Outcome[] = [];
  const said = new Map<OpenOffer, OpenOffer>();
  for (const offer of [...state.open].sort((a, b) => closesAtMs(a) - closesAtMs(b))) {
    if (!offer.told && !offer.purchase && closesAtMs(offer) > timeMs) continue;
    const outcome = outcomeOf(offer, leftOf);
    const words = wordsOf(outcome);
    if (offer.told?.words === words) continue;
    (offer.told ? amendments : outcomes).push(outcome);
    said.set(offer, { ...offer, told: { revision: outcome.revision, redeemed: outcome.redeemed, words } });
  }
  return step(said.size === 0 ? state : { ...state, open: state.open.map((offer) => said.get(offer) ?? offer) }, outcomes, amendments);
}

function forget(state: OpenOffers, timeMs: number): OpenOffers {
  const [kept, settled] = [state.open.filter((offer) => settlesAtMs(offer) > timeMs), state.open.filter((offer) => settlesAtMs(offer) <= timeMs)];
  const openSinceMs = Math.min(...kept.filter(({ over }) => !over).map(({ issuedAtMs }) => issuedAtMs));
  const purchases = state.purchases.filter((purchase) => purchase.timeMs >= openSinceMs);
  const concerned = new Set([...purchases, ...kept.flatMap((offer) => [...offer.window, ...(offer.purchase ? [offer.purchase] : [])])].map(({ transactionId }) => transactionId));
  const reversals = state.reversals.filter(({ transactionId }) => openSinceMs < Infinity || concerned.has(transactionId));
  const closed = [...state.closed, ...settled.map(({ offer }) => offer.offerId)].slice(-rememberedClosed);
  return { ...state, open: kept, closed, purchases, reversals };
}

/** After this nothing changes its outcome. */
function settlesAtMs(offer: OpenOffer): number {
  const purchases = offer.purchase ? [offer.purchase, ...offer.window] : offer.window;
  return Math.max(openUntilMs(offer), ...purchases.map(({ timeMs }) => timeMs + reversalHorizonMs));
}

function step(state: OpenOffers, outcomes: readonly Outcome[] = [], amendments: readonly Outcome[] = []): AttributionStep {
  const wakeAtMs = Math.min(...state.open.map((offer) => (!offer.told ? closesAtMs(offer) : offer.over ? settlesAtMs(offer) : openUntilMs(offer))));
  return { state, outcomes, amendments, ...(wakeAtMs < Infinity && { wakeAtMs }) };
}
