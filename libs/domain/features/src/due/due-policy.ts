/**
 * When a decision may be due. The limits of contact stand in `contactLimits`, whose exact keeper is the recommender. These numbers keep
 * the line from deciding where nothing can have changed. Provenance: set by judgement, to be searched by experiment, except where said.
 */
export const duePolicy = {
  /** Between due moments, whatever the caps allow: about four a day at most. */
  leastGapHours: 6,
  /** For so long a new client has a moment of his own; nothing is known of him yet. */
  newcomerDays: 2,
  newcomerAfterHours: 2,
  uncoveredAfterDays: 5,
  /** Four minutes' walk. */
  nearMeters: 300,
  /** A worse fix says in which town he is, not in which street; 500 m is about one cell of a city's mobile network. */
  worstAccuracyMeters: 500,
  /** As long as a slow walk through a third of the fence, and longer than a red light. */
  dwellMinutes: 3,
  /** 9 km/h: faster than any walk, slower than any drive that is not stuck. */
  fastMetersASecond: 2.5,
  /** Beyond the error of the fix: who is so much farther than he was is leaving. */
  turnsAwayMeters: 50,
  /** Where nothing was heard for so long, the next fix begins anew; above the quarter of an hour in which event time ticks. */
  approachHoldsMinutes: 20,
  /** Who lives next door to a merchant is not told so each day. */
  sameMerchantGapHours: 72,
  /** Sources disagree by minutes; an event later than that describes a moment that has passed. */
  latestTriggerMinutes: 15,
  /** How long after its hour a moment that was moved out of the quiet hours still holds. */
  movedHoldsHours: 3,
  /** Two gaps are the least from which a deviation can be told. */
  rhythmPurchases: 3,
  rhythmGaps: 2,
  /** Deviation over mean: at 1 the purchases come at random (a Poisson process), and there is no rhythm to forecast. */
  mostIrregular: 1,
  /** How long before the expected purchase, in deviations. */
  leadDeviations: 0.5,
  /** How long after the expected purchase a forecast still holds: one deviation, and at least this. */
  leastWindowDays: 1,
  /** Timers keep to the client's day. */
  dayBeginsHour: 9,
  dayEndsHour: 21,
  /** When nothing is on offer, timers look again after this. */
  restDays: 1,
} as const;

/** Actions after which a client may be met; others only tell something of him. */
export const triggeringActions: ReadonlySet<string> = new Set(['app-opened', 'category-viewed', 'merchant-viewed', 'search']);
