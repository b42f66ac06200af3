/**
 * When a decision may be due. Due is not yet an offer: caps, quiet hours and cool-downs are the recommender's. These numbers keep the
 * line from deciding where nothing can have changed. Provenance: set by judgement, to be searched by experiment, except where said.
 */
export const duePolicy = {
  /** Between due moments that events bring: about four a day at most. */
  eventGapHours: 6,
  /** Between due moments that timers bring: one a day, and a little room for an earlier hour. */
  timerGapHours: 20,
  /** A new client is met earlier and more often: nothing is known of him yet. */
  newcomerGapHours: 1,
  newcomerDays: 2,
  newcomerAfterHours: 2,
  uncoveredAfterDays: 5,
  /** Four minutes' walk. */
  nearMeters: 300,
  /** A worse fix says in which town he is, not in which street; 500 m is about one cell of a city's mobile network. */
  worstAccuracyMeters: 500,
  /** Who lives next door to a merchant is not told so each day. */
  sameMerchantGapHours: 72,
  /** Sources disagree by minutes; an event later than that describes a moment that has passed. */
  latestTriggerMinutes: 15,
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
