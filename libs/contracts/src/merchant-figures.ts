/** From an offer to a payment, in counts of offers. */
export interface MerchantFunnel {
  readonly offers: number;
  readonly viewed: number;
  readonly accepted: number;
  readonly redeemed: number;
  /** By the merchant's own word. */
  readonly confirmed: number;
  readonly refused: number;
}

/** One merchant's way from offer to payment, as monitor answers it; offers of the newest days of event time, beside as many days before. */
export interface MerchantFigures extends MerchantFunnel {
  readonly merchantId: string;
  /** 0 where none of his payments was seen. */
  readonly mcc: number;
  /** Of his offers in the days before: his own past. */
  readonly past: Pick<MerchantFunnel, 'offers' | 'redeemed'>;
  /** All other merchants of the same MCC in the same days. */
  readonly peers: Pick<MerchantFunnel, 'offers' | 'redeemed'> & { readonly merchants: number };
  /** Chance that a difference at least so large from the peers' conversion, from his own past, would come of luck alone; absent where there is nothing to compare. */
  readonly pPeers?: number;
  readonly pPast?: number;
}
