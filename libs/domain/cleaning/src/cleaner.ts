import type { EventCleaning, EventCorrection, LineEvent, LineEventOf } from '@sp/contracts';
import type { CleaningPolicy } from './cleaning-policy';
import { applyRate, convertMinor, type RateTable } from './rates';
import { learnAmount, noAmounts, usualAmount, winsorised, type UsualAmounts } from './usual-amounts';

/** A purchase whose amount was corrected, for its reversal. */
interface CorrectedPurchase {
  leftMinor: number;
  readonly currency: string;
  /** Corrected amount for one minor unit of the original. */
  readonly share: number;
  readonly timeMs: number;
}

interface Money {
  readonly amountMinor: number;
  readonly currency: string;
}

/** What the cleaner has learned; plain data, to be stored now and then. Some purchases that it forgets change what is usual by nothing. */
export interface CleanerState {
  readonly rates: RateTable;
  readonly categories: Record<string, UsualAmounts>;
  readonly merchants: Record<string, number>;
  readonly corrected: Record<string, CorrectedPurchase>;
}

export function emptyCleanerState(): CleanerState {
  return { rates: {}, categories: {}, merchants: {}, corrected: {} };
}

/** As long as a reversal undoes features. */
const correctedDays = 120;
const mostCorrected = 50_000;
/** More than any amount: all that is left. */
const largestMinor = 10_000_000_000_000;
const dayMs = 86_400_000;

/**
 * Money that features can count: in the bank's currency, and without what is far beyond the usual of its category. Nothing of the event's own
 * data is changed; what was done stands beside it, in the log, so that every stage and every replay counts the same.
 * An order of events is assumed by nothing but the rates: the newest known one is taken.
 */
export class Cleaner {
  /** Purchases remembered since they were last counted. */
  #remembered = 0;

  constructor(
    private readonly policy: CleaningPolicy,
    readonly state: CleanerState,
  ) {}

  /** What is to be corrected of an event by what is known now; nothing is learned of it yet, since it may be known already. */
  clean(event: LineEvent): EventCleaning | undefined {
    if (event.type === 'transaction.authorised') return this.#purchase(event);
    if (event.type === 'transaction.reversed') return this.#reversal(event);
    return undefined;
  }

  /** The event is new and in the line, as it was cleaned. */
  learn(event: LineEvent): void {
    if (event.type === 'rate.published') applyRate(this.state.rates, event);
    if (event.type === 'merchant.registered') this.state.merchants[event.data.merchantId] = event.data.mcc;
    if (event.type === 'transaction.authorised') this.#learnPurchase(event);
    if (event.type === 'transaction.reversed' && event.cleaning?.original) this.#takeBack(event, event.cleaning.original.amountMinor);
  }

  #purchase({ data }: LineEventOf<'transaction.authorised'>): EventCleaning | undefined {
    const corrections: EventCorrection[] = [];
    const { amountMinor: converted, currency } = this.#converted(data, corrections) ?? this.#assumed(data, corrections);
    const category = this.#categoryOf(data, currency);
    const amountMinor = category ? winsorised(category, converted) : converted;
    if (amountMinor !== converted) corrections.push({ rule: 'amount-outlier', field: 'data.amountMinor', before: converted, after: amountMinor });
    if (corrections.length === 0) return undefined;
    return amountMinor === data.amountMinor && currency === data.currency ? { corrections } : { corrections, amountMinor, currency };
  }

  /** Undefined where no rate is known. */
  #converted({ amountMinor, currency }: Money, corrections: EventCorrection[]): Money | undefined {
    const { baseCurrency } = this.policy;
    if (baseCurrency === undefined || currency === baseCurrency) return { amountMinor, currency };
    const converted = convertMinor(this.state.rates, amountMinor, currency, baseCurrency);
    if (converted === undefined) return undefined;
    corrections.push({ rule: 'foreign-currency', field: 'data.amountMinor', before: `${amountMinor} ${currency}`, after: `${converted} ${baseCurrency}` });
    return { amountMinor: converted, currency: baseCurrency };
  }

  /** A sum of two currencies means nothing, so an amount that cannot be converted is a missing value: it counts as the usual one of its category. */
  #assumed(data: LineEventOf<'transaction.authorised'>['data'], corrections: EventCorrection[]): Money {
    const currency = this.policy.baseCurrency!;
    const usual = usualAmount(this.#categoryOf(data, currency)) ?? 1;
    corrections.push({ rule: 'currency-without-rate', field: 'data.amountMinor', before: `${data.amountMinor} ${data.currency}`, after: `${usual} ${currency}` });
    return { amountMinor: usual, currency };
  }

  /** Money of one currency is compared, of purchases alone. */
  #categoryOf({ kind, merchantId, mcc = this.#codeOf(merchantId) }: LineEventOf<'transaction.authorised'>['data'], currency: string): UsualAmounts | undefined {
    return kind === 'purchase' && mcc !== undefined ? (this.state.categories[`${mcc} ${currency}`] ??= noAmounts()) : undefined;
  }

  #codeOf(merchantId: string | undefined): number | undefined {
    return merchantId !== undefined && Object.hasOwn(this.state.merchants, merchantId) ? this.state.merchants[merchantId] : undefined;
  }

  #learnPurchase(event: LineEventOf<'transaction.authorised'>): void {
    const money = this.#converted(event.data, []);
    const category = money && this.#categoryOf(event.data, money.currency);
    if (category) learnAmount(category, money.amountMinor);
    if (event.cleaning?.amountMinor !== undefined) this.#remember(event, event.cleaning.amountMinor);
  }

  #remember({ subject, timeMs, data }: LineEventOf<'transaction.authorised'>, amountMinor: number): void {
    const { corrected } = this.state;
    corrected[keyOf(subject, data.transactionId)] ??= { leftMinor: data.amountMinor, currency: data.currency, share: amountMinor / data.amountMinor, timeMs };
    if (++this.#remembered < mostCorrected) return;
    const keys = Object.keys(corrected);
    for (const key of keys.slice(0, keys.length - mostCorrected + mostCorrected / 10)) delete corrected[key];
    this.#remembered = Object.keys(corrected).length;
  }

  /** The corrected purchase is taken back by its corrected share, and in the bank's own money for all who count that. */
  #reversal({ subject, timeMs, data }: LineEventOf<'transaction.reversed'>): EventCleaning | undefined {
    const purchase = this.state.corrected[keyOf(subject, data.transactionId)];
    if (!purchase || purchase.leftMinor === 0 || timeMs > purchase.timeMs + correctedDays * dayMs) return undefined;
    const amountMinor = Math.min(data.amountMinor ?? purchase.leftMinor, purchase.leftMinor);
    const original = { amountMinor, currency: purchase.currency };
    if (data.amountMinor === undefined) return { corrections: [], original };
    // What takes the rest takes all that is left of the features' amount: no rounding may leave a cent of it.
    const share = amountMinor === purchase.leftMinor ? largestMinor : Math.max(1, Math.round(amountMinor * purchase.share));
    return { corrections: [{ rule: 'reversed-share', field: 'data.amountMinor', before: data.amountMinor, after: share === largestMinor ? 'the rest' : share }], amountMinor: share, original };
  }

  #takeBack({ subject, data }: LineEventOf<'transaction.reversed'>, amountMinor: number): void {
    const purchase = this.state.corrected[keyOf(subject, data.transactionId)];
    if (purchase) purchase.leftMinor = Math.max(0, purchase.leftMinor - amountMinor);
  }
}

function keyOf(subject: string, transactionId: string): string {
  return `${subject}\u001f${transactionId}`;
}
