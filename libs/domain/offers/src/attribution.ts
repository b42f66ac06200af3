import type { BankEventData, Claim, DecisionMade, LineEvent, LineEventOf, Outcome } from '@sp/contracts';
import { discountMinor } from './discount';
import { claimRedeemedBy, graceMs } from './redemption';

/** An offer, real or ghost, whose outcome is not yet known. */
export interface OpenOffer extends Claim {
  readonly ghost: boolean;
  readonly closesAtMs: number;
  readonly viewed: boolean;
  readonly accepted: boolean;
  readonly declined: boolean;
  readonly refused: boolean;
  readonly propensity: number;
  readonly features: readonly number[];
}

/** What attribution remembers of a client: a plain value. */
export interface OpenOffers {
  readonly open: readonly OpenOffer[];
  /** Ids of the offers closed last, so that a repeated decision does not open one again. */
  readonly closed: readonly string[];
}

export interface AttributionStep {
  /** Undefined before the client's first offer and after his erasure. */
  readonly state: OpenOffers | undefined;
  readonly outcomes: readonly Outcome[];
  /** When `wakeOpenOffers` has something to do. */
  readonly wakeAtMs?: number;
}

/** More offers than the caps allow in the time over which events repeat. */
const rememberedClosed = 64;
const nothingOpen: OpenOffers = { open: [], closed: [] };

/**
 * What did an offer come to? Each offer or ghost of a decision ends in exactly one outcome: at the purchase that redeems it, or when
 * its time and a day of grace are over. A reported redemption waits a day for its purchase, which knows the money. After a
 * decline a purchase is the client's own. Repeated events change nothing; responses to unknown offers are ignored.
 */
export function foldOpenOffers(state: OpenOffers | undefined, event: LineEvent): AttributionStep {
  if (event.type === 'client.erasure.requested') return { state: undefined, outcomes: [] };
  if (event.type === 'decision.made') return step(openOffer(state, event));
  if (!state) return { state, outcomes: [] };
  if (event.type === 'offer.responded') return step({ ...state, open: state.open.map((offer) => respond(offer, event)) });
  return event.type === 'transaction.authorised' ? redeem(state, event) : step(state);
}

/** Closes what is over at `timeMs`, the earliest first. */
export function wakeOpenOffers(state: OpenOffers | undefined, timeMs: number): AttributionStep {
  if (!state) return { state, outcomes: [] };
  const over = state.open.filter(({ closesAtMs }) => closesAtMs <= timeMs).sort((a, b) => a.closesAtMs - b.closesAtMs);
  const outcomes = over.map((offer) => outcomeOf(offer, { redeemed: offer.reported !== undefined, labelSource: labelWithoutPurchase(offer) }));
  return step(close(state, over), outcomes);
}

function openOffer(state: OpenOffers = nothingOpen, { data, timeMs }: DecisionMade): OpenOffers {
  const { offer, outcome, propensity, features } = data;
  if (!offer || state.closed.includes(offer.offerId) || state.open.some((open) => open.offer.offerId === offer.offerId)) return state;
  const opened: OpenOffer = {
    offer, issuedAtMs: timeMs, ghost: outcome === 'ghost', closesAtMs: Date.parse(offer.validUntil) + graceMs,
    viewed: false, accepted: false, declined: false, refused: false, propensity, features,
  };
  return { ...state, open: [...state.open, opened] };
}

function respond(open: OpenOffer, { data, timeMs }: LineEventOf<'offer.responded'>): OpenOffer {
  if (open.offer.offerId !== data.offerId) return open;
  switch (data.response) {
    case 'viewed': return { ...open, viewed: true };
    case 'accepted': return { ...open, accepted: true };
    case 'declined': return { ...open, declined: true };
    case 'refused-by-merchant': return { ...open, refused: true };
    case 'redeemed':
    case 'confirmed-by-merchant': return report(open, data, timeMs);
  }
}

function report(open: OpenOffer, { transactionId = open.reported?.transactionId }: BankEventData<'offer.responded'>, timeMs: number): OpenOffer {
  const reported = transactionId === undefined ? {} : { transactionId };
  return { ...open, reported, closesAtMs: Math.min(open.closesAtMs, timeMs + graceMs) };
}

function redeem(state: OpenOffers, event: LineEventOf<'transaction.authorised'>): AttributionStep {
  const { transactionId, amountMinor } = event.data;
  const redeemed = claimRedeemedBy(state.open.filter(({ declined, reported }) => !declined || reported), event);
  if (!redeemed) return step(state);
  const spend = { spendMinor: amountMinor, discountMinor: discountMinor(redeemed.offer.terms, amountMinor), transactionId };
  return step(close(state, [redeemed]), [outcomeOf(redeemed, { redeemed: true, labelSource: 'transaction', ...spend })]);
}

function labelWithoutPurchase({ reported, declined, refused }: OpenOffer): Outcome['labelSource'] {
  return reported || declined || refused ? 'response' : 'expiry';
}

type Ending = Pick<Outcome, 'redeemed' | 'labelSource'> & Partial<Pick<Outcome, 'spendMinor' | 'discountMinor' | 'transactionId'>>;

function outcomeOf(open: OpenOffer, ending: Ending): Outcome {
  const { offer, ghost, issuedAtMs, viewed, accepted, declined, refused, propensity, features, reported } = open;
  return { offer, ghost, issuedAtMs, viewed, accepted, declined, refused, propensity, features, spendMinor: 0, discountMinor: 0, ...reported, ...ending };
}

function close(state: OpenOffers, ended: readonly OpenOffer[]): OpenOffers {
  const closed = [...state.closed, ...ended.map(({ offer }) => offer.offerId)].slice(-rememberedClosed);
  return { open: state.open.filter((offer) => !ended.includes(offer)), closed };
}

function step(state: OpenOffers, outcomes: readonly Outcome[] = []): AttributionStep {
  const wakeAtMs = Math.min(...state.open.map(({ closesAtMs }) => closesAtMs));
  return { state, outcomes, ...(wakeAtMs < Infinity && { wakeAtMs }) };
}
