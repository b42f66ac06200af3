/** Factor on the mean number of purchases, by category name; 1 where nothing is said. */
type Leanings = Readonly<Record<string, number>>;

export interface Segment {
  readonly name: string;
  readonly share: number;
  readonly ages: readonly [number, number];
  /** Mean price level that its people look for, 1-4. */
  readonly priceLevel: number;
  readonly monthlyIncomeMinor: number;
  /** What 10 more percent of discount add to the logit of accepting. */
  readonly discountSensitivity: number;
  readonly appOpeningsPerDay: number;
  readonly children: number;
  readonly car: number;
  readonly leanings: Leanings;
}

/** Invented, in the order that one would expect: the young go out and look at discounts, the old visit pharmacies. */
export const segments: readonly Segment[] = [
  {
    name: 'student', share: 0.2, ages: [18, 27], priceLevel: 1.4, monthlyIncomeMinor: 120_000, discountSensitivity: 1.3, appOpeningsPerDay: 1.1, children: 0.02, car: 0.15,
    leanings: { Cafe: 1.5, Cinema: 1.8, Taxi: 1.3, 'Home store': 0.4, Grocery: 0.8, Pharmacy: 0.5, 'Travel agency': 0.8 },
  },
  {
    name: 'family', share: 0.27, ages: [28, 50], priceLevel: 2, monthlyIncomeMinor: 330_000, discountSensitivity: 0.9, appOpeningsPerDay: 0.6, children: 0.95, car: 0.8,
    leanings: { Grocery: 1.5, 'Home store': 1.4, Cinema: 0.8, Taxi: 0.5, Pharmacy: 1.2 },
  },
  {
    name: 'professional', share: 0.28, ages: [25, 45], priceLevel: 2.6, monthlyIncomeMinor: 380_000, discountSensitivity: 0.55, appOpeningsPerDay: 0.9, children: 0.1, car: 0.5,
    leanings: { Restaurant: 1.6, Cafe: 1.6, Taxi: 1.8, 'Sports shop': 1.5, Electronics: 1.4, 'Travel agency': 1.3 },
  },
  {
    name: 'affluent', share: 0.07, ages: [35, 65], priceLevel: 3.5, monthlyIncomeMinor: 800_000, discountSensitivity: 0.25, appOpeningsPerDay: 0.5, children: 0.4, car: 0.9,
    leanings: { Restaurant: 1.8, 'Travel agency': 2, Clothing: 1.6, 'Beauty salon': 1.6, Grocery: 0.8 },
  },
  {
    name: 'pensioner', share: 0.18, ages: [62, 85], priceLevel: 1.8, monthlyIncomeMinor: 190_000, discountSensitivity: 0.7, appOpeningsPerDay: 0.25, children: 0, car: 0.45,
    leanings: { Pharmacy: 2.4, Cafe: 0.7, Taxi: 0.6, Bookshop: 1.5, 'Sports shop': 0.4, Cinema: 0.6, Clothing: 0.7 },
  },
];
