/** So many offers of one merchant, alike in their discount. */
export interface OfferedTerms {
  readonly merchantId: string;
  readonly discountPercent: number;
  readonly offers: number;
}

export interface TermsReading {
  readonly isWrong: boolean;
  /** The discount that is usual there, as far as it is known. */
  readonly usualPercent: number;
}

/** More than so many times what is usual at the merchant… */
const ownFactor = 2;
/** …and so many times what nearly all merchants stay below. */
const othersFactor = 1.25;
const nearlyAll = 0.95;
const remembered = 200;
const rememberedOfAll = 2_000;
/** Below so many offers of a merchant its own past says nothing, and that of all speaks. */
const leastOwn = 10;
const leastOfAll = 50;

/**
 * Is a discount a slip of the pen? One far above the merchant's own and above nearly everybody's is; a merchant who is merely generous, or a
 * sale, is not. Wrong terms are not learned from. Causal; memory is bounded by the number of merchants.
 */
export class TermsWatch {
  private readonly own = new Map<string, number[]>();
  private readonly all: number[] = [];

  see({ merchantId, discountPercent, offers }: OfferedTerms): TermsReading {
    const own = this.own.get(merchantId) ?? [];
    const usualPercent = own.length >= leastOwn ? quantile(own, 0.5) : quantile(this.all, 0.5);
    const isWrong = this.all.length >= leastOfAll && discountPercent > ownFactor * usualPercent && discountPercent > othersFactor * quantile(this.all, nearlyAll);
    if (!isWrong) {
      this.own.set(merchantId, kept([...own, ...new Array<number>(Math.min(offers, remembered)).fill(discountPercent)], remembered));
      this.all.push(discountPercent);
      if (this.all.length > rememberedOfAll) this.all.splice(0, this.all.length - rememberedOfAll);
    }
    return { isWrong, usualPercent };
  }
}

function kept(values: number[], most: number): number[] {
  return values.length > most ? values.slice(values.length - most) : values;
}

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}
