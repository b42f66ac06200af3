import type { CampaignState, OfferTerms } from '@sp/contracts';

/** `10, 7, 1000`: discount percent, days, minimum check, and perhaps the most that it may be worth. */
export function termsText(terms: readonly OfferTerms[]): string {
  return terms.map(({ discountPercent, validityDays, minimumCheckMinor, maximumDiscountMinor }) => [discountPercent, validityDays, minimumCheckMinor, ...(maximumDiscountMinor === undefined ? [] : [maximumDiscountMinor])].join(', ')).join('\n');
}

/** What is not a number stays as it was written: the server refuses it by its name. */
export function readTerms(text: string): unknown[] {
  return text.split('\n').map((line) => line.trim()).filter((line) => line !== '').map((line) => {
    const [discountPercent, validityDays, minimumCheckMinor, maximumDiscountMinor] = line.split(/[,;]\s*/).map(numberOf);
    return { discountPercent, validityDays, minimumCheckMinor, ...(maximumDiscountMinor !== undefined && { maximumDiscountMinor }) };
  });
}

/** The data of `campaign.published`; what the form does not show stays as it is. */
export function campaignOf(form: FormData, before: CampaignState | undefined): Record<string, unknown> {
  const text = (name: string): string => String(form.get(name) ?? '').trim();
  return {
    campaignId: text('campaignId'), merchantId: text('merchantId'), objective: text('objective'), startsAt: text('startsAt'), endsAt: text('endsAt'), currency: text('currency'),
    budgetMinor: numberOf(text('budgetMinor')), marginPercent: numberOf(text('marginPercent')), terms: readTerms(text('terms')), ...(before?.audience && { audience: before.audience }),
  };
}

function numberOf(text: string): number | string {
  const number = Number(text);
  return text.trim() === '' || Number.isNaN(number) ? text : number;
}
