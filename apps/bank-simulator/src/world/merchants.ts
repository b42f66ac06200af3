import type { BankEventData, Place } from '@sp/contracts';
import { categories, type Category } from './categories';
import { districts, placeNear, type District } from './city';
import { drawsFor } from './draws';

export interface Merchant {
  readonly index: number;
  readonly merchantId: string;
  readonly name: string;
  readonly category: number;
  /** 1 cheap to 4 dear. */
  readonly priceLevel: number;
  readonly online: boolean;
  readonly location?: Place;
  readonly partner: boolean;
  readonly marginPercent: number;
  /** How well known it is to everybody; a logarithm around 0. */
  readonly popularity: number;
  /** Days after the world's start; 0 for those that were always there. */
  readonly opensOnDay: number;
}

/** Factor on the category's average check, by price level 1-4. */
const checkByPriceLevel = [0.7, 1, 1.4, 2];

/** The city's merchants; `partners` of them, spread over all categories, run campaigns. */
export function merchantsOf(seed: number, count: number, partners: number): Merchant[] {
  const perCategory = new Array<number>(categories.length).fill(0);
  return Array.from({ length: count }, (_, index) => {
    const category = categoryOfMerchant(index, count);
    const serial = (perCategory[category] = (perCategory[category] ?? 0) + 1);
    const partner = Math.floor(((index + 1) * partners) / count) > Math.floor((index * partners) / count);
    return merchant(seed, index, category, serial, partner);
  });
}

/** What an average client leaves there at one visit. */
export function usualCheckMinor(merchant: Merchant): number {
  return categoryOf(merchant).averageCheckMinor * (checkByPriceLevel[merchant.priceLevel - 1] ?? 1);
}

export function categoryOf(merchant: Merchant): Category {
  return categories[merchant.category] as Category;
}

export function merchantRegistration(merchant: Merchant): BankEventData<'merchant.registered'> {
  const { merchantId, name, online, priceLevel, partner, location } = merchant;
  return { merchantId, name, mcc: categoryOf(merchant).mcc, ...(location && { location }), online, priceLevel, partner };
}

function merchant(seed: number, index: number, category: number, serial: number, partner: boolean): Merchant {
  const draws = drawsFor(seed, 'merchant', index);
  const kind = categories[category] as Category;
  const online = draws.happens(kind.onlineShare);
  const district = districts[draws.weighted(districts.map(({ shops }) => shops))] as District;
  const location = placeNear(draws, district.centre, district.spreadKm);
  const priceLevel = 1 + draws.weighted([3, 4, 2, 1]);
  const marginPercent = Math.round(Math.min(70, Math.max(5, kind.marginPercent * draws.between(0.8, 1.25))));
  return {
    index, merchantId: `m${String(index + 1).padStart(4, '0')}`, name: `${kind.name} ${serial}`, category, priceLevel, online, ...(!online && { location }),
    partner, marginPercent, popularity: 0.6 * draws.normal(), opensOnDay: index % 16 === 15 ? draws.whole(4, 60) : 0,
  };
}

/** The category whose share of the weights holds this place, after one merchant for each category. */
function categoryOfMerchant(index: number, count: number): number {
  if (index < categories.length) return index;
  const total = categories.reduce((sum, { merchantWeight }) => sum + merchantWeight, 0);
  let left = ((index - categories.length + 0.5) / (count - categories.length)) * total;
  return Math.max(0, categories.findIndex(({ merchantWeight }) => (left -= merchantWeight) < 0));
}
