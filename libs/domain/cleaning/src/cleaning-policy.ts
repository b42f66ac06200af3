/** What the bank says of itself; nothing of it is guessed. */
export interface CleaningPolicy {
  /** Features count money in it; undefined: amounts are taken as they are. */
  readonly baseCurrency?: string;
  /** IANA; of times without an offset and clients without a zone. Undefined: such events are refused. */
  readonly timeZone?: string;
}

/** What becomes of a value that is missing, by field; every other needed field's event is refused and kept as a dead letter. */
export const missingValues: Readonly<Record<string, 'filled' | 'unknown'>> = {
  'client.registered consents': 'filled',
  'client.registered timeZone': 'filled',
  'client.registered birthYear': 'unknown',
  'client.registered gender': 'unknown',
  'client.registered segment': 'unknown',
  'client.registered incomeMinor': 'unknown',
  'client.registered home': 'unknown',
  'transaction.authorised mcc': 'filled',
  'transaction.authorised merchantId': 'unknown',
  'transaction.authorised location': 'unknown',
  'merchant.registered location': 'unknown',
  'merchant.registered priceLevel': 'unknown',
};
