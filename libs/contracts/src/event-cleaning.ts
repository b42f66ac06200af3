/** What cleaning does or notices, by name; the counters and the page of data health use them. */
export const correctionRules = {
  'mcc-as-text': 'A merchant category code that came as text is a number.',
  'currency-spelling': 'A currency’s code is upper case, without blanks.',
  'merchant-name': 'A merchant’s name is in one Unicode form, without control characters, doubled blanks and the prefix of its payment provider.',
  'time-zone-name': 'A time zone has the spelling of the IANA.',
  'time-zone-missing': 'A client without a time zone lives in the bank’s (only where the bank’s is configured).',
  'time-without-offset': 'A time without an offset is on the bank’s clock (only where its time zone is configured).',
  'consent-missing': 'A client of whom no consent is known has given none.',
  'foreign-currency': 'For features the amount is in the bank’s currency, by the newest rate; the original stands.',
  'currency-without-rate': 'No rate is known: for features it counts as the usual amount of its category in the bank’s currency; the original stands.',
  'amount-outlier': 'For features the amount is cut to the border of what is usual in its category; the original stands.',
  'reversed-share': 'A reversal of a corrected purchase takes back the corrected share of it.',
  'same-content': 'The same transaction, answer or place under another id within minutes: told as a duplicate.',
} as const;

export type CorrectionRule = keyof typeof correctionRules;

/** One correction of one event. */
export interface EventCorrection {
  readonly rule: CorrectionRule;
  /** Such as `data.amountMinor`. */
  readonly field: string;
  readonly before: string | number | null;
  readonly after: string | number | null;
}

/**
 * What cleaning did to an event; absent where it did nothing. `amountMinor` and `currency` are for features alone: budgets, rewards and
 * figures count the bank's own amount in `data`.
 */
export interface EventCleaning {
  readonly corrections: readonly EventCorrection[];
  readonly amountMinor?: number;
  readonly currency?: string;
  /** Of a reversal: what it takes back in the bank's own amount and currency. */
  readonly original?: { readonly amountMinor: number; readonly currency: string };
}

/** The amount that features count. */
export function amountForFeatures({ data, cleaning }: { readonly data: { readonly amountMinor: number; readonly currency: string }; readonly cleaning?: EventCleaning }): { readonly amountMinor: number; readonly currency: string } {
  return { amountMinor: cleaning?.amountMinor ?? data.amountMinor, currency: cleaning?.currency ?? data.currency };
}
