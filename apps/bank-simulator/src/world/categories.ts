/** Weight of each local hour 0..23; a purchase's hour is drawn from it. */
export const rhythms = {
  morning: [0, 0, 0, 0, 0, 1, 5, 10, 10, 7, 5, 4, 5, 5, 5, 5, 3, 2, 1, 0, 0, 0, 0, 0],
  shops: [0, 0, 0, 0, 0, 0, 0, 1, 3, 5, 7, 8, 7, 6, 6, 7, 9, 11, 10, 6, 2, 0, 0, 0],
  commute: [0, 0, 0, 0, 0, 2, 6, 10, 8, 4, 3, 3, 4, 4, 4, 6, 10, 11, 8, 5, 3, 2, 1, 0],
  evening: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 6, 5, 2, 1, 2, 5, 10, 12, 10, 5, 2, 1],
  night: [3, 2, 1, 1, 1, 2, 3, 4, 4, 3, 3, 3, 3, 3, 3, 3, 4, 5, 6, 6, 6, 7, 7, 5],
} as const;

/** Weight of Monday..Sunday; shops are closed on Sundays. */
const weekdays = {
  shops: [9, 9, 9, 10, 13, 16, 0],
  working: [11, 11, 11, 11, 11, 5, 3],
  leisure: [4, 4, 5, 7, 14, 16, 10],
  any: [1, 1, 1, 1, 1, 1, 1],
} as const;

export interface Category {
  readonly name: string;
  /** ISO 18245 merchant category code. */
  readonly mcc: number;
  /** Of an average client, between two purchases. */
  readonly meanGapDays: number;
  /** Of the gamma of the gaps: 1 is memoryless, more is regular. */
  readonly regularity: number;
  readonly averageCheckMinor: number;
  /** Sigma of the check's logarithm. */
  readonly checkSpread: number;
  readonly marginPercent: number;
  /** Share of its merchants that sell online only. */
  readonly onlineShare: number;
  /** Relative number of merchants. */
  readonly merchantWeight: number;
  readonly rhythm: readonly number[];
  readonly week: readonly number[];
  /** Peak of demand as a share of the year, and by how much it exceeds the mean. */
  readonly season: { readonly peak: number; readonly height: number };
}

/** Typical gaps and checks of household spending in a European city; rounded by hand, only their order matters. */
export const categories: readonly Category[] = [
  category('Grocery', 5411, 3, 4, 3200, 0.5, 18, 0.05, 16, 'shops', 'shops', 0.95, 0.1),
  category('Restaurant', 5812, 8, 1.5, 4200, 0.45, 35, 0, 14, 'evening', 'leisure', 0.5, 0.15),
  category('Fuel', 5541, 9, 5, 6200, 0.25, 12, 0, 7, 'commute', 'any', 0.55, 0.15),
  category('Pharmacy', 5912, 18, 1.5, 2100, 0.5, 25, 0.2, 7, 'shops', 'shops', 0.05, 0.3),
  category('Clothing', 5651, 30, 1.2, 7400, 0.55, 42, 0.35, 10, 'shops', 'shops', 0.85, 0.25),
  category('Electronics', 5732, 80, 1.2, 18500, 0.7, 16, 0.5, 7, 'shops', 'shops', 0.92, 0.5),
  category('Bookshop', 5942, 40, 1.2, 2400, 0.45, 32, 0.3, 6, 'shops', 'shops', 0.93, 0.4),
  category('Cinema', 7832, 26, 1.5, 2300, 0.3, 45, 0, 5, 'evening', 'leisure', 0.05, 0.2),
  category('Beauty salon', 7230, 32, 5, 4800, 0.35, 45, 0, 7, 'shops', 'working', 0.4, 0.1),
  category('Taxi', 4121, 12, 1, 1900, 0.4, 22, 1, 3, 'night', 'leisure', 0.0, 0.15),
  category('Sports shop', 5941, 42, 1.2, 6600, 0.6, 38, 0.35, 7, 'shops', 'shops', 0.35, 0.3),
  category('Home store', 5200, 36, 1.2, 8900, 0.7, 33, 0.25, 8, 'shops', 'shops', 0.3, 0.3),
  category('Kids store', 5641, 20, 1.5, 4300, 0.5, 36, 0.3, 6, 'shops', 'shops', 0.92, 0.35),
  category('Travel agency', 4722, 110, 1.2, 42000, 0.6, 14, 0.7, 5, 'night', 'any', 0.42, 0.5),
  category('Cafe', 5814, 3.5, 2, 780, 0.35, 52, 0, 12, 'morning', 'working', 0.45, 0.05),
];

function category(
  name: string, mcc: number, meanGapDays: number, regularity: number, averageCheckMinor: number, checkSpread: number, marginPercent: number, onlineShare: number,
  merchantWeight: number, rhythm: keyof typeof rhythms, week: keyof typeof weekdays, peak: number, height: number,
): Category {
  return {
    name, mcc, meanGapDays, regularity, averageCheckMinor, checkSpread, marginPercent, onlineShare, merchantWeight,
    rhythm: rhythms[rhythm], week: weekdays[week], season: { peak, height },
  };
}
