/** One purchase; what a set does not know is absent. */
export interface PurchaseRow {
  readonly client: string;
  /** Local time as if it were UTC. */
  readonly timeMs: number;
  readonly amount: number;
  /** Where a set is about one merchant alone, the same everywhere. */
  readonly merchant: string;
  /** What was bought, as finely as the set knows: article, or category of the merchant. */
  readonly kinds?: readonly string[];
}

export interface Purchases {
  readonly name: string;
  readonly rows: readonly PurchaseRow[];
  /** Are the hours a calendar's, with an own night and Sunday? */
  readonly calendar: boolean;
  /** Does it see all merchants of a client, or one? */
  readonly manyMerchants: boolean;
}
