/**
 * How often and when a client may be approached: what the feature store checks coarsely before a decision is asked for, and the
 * recommender exactly. The caps are what banks commonly promise their clients; the rest is a cautious start.
 */
export const contactLimits = {
  /** Offers in any 24 hours. */
  dailyCap: 1,
  /** Offers in any 7 days. */
  weeklyCap: 3,
  /** Local hours between which nobody is disturbed; may reach over midnight. */
  quietFromHour: 22,
  quietUntilHour: 8,
  /** Silence after a declined offer. */
  coolDownDays: 7,
} as const;
