import type { BankEventData, Place } from '@sp/contracts';
import { categoryOf, type Merchant } from './merchants';

/** As the bank's authorisation says it. */
export function purchaseData(transactionId: string, merchant: Merchant, amountMinor: number): BankEventData<'transaction.authorised'> {
  const location: { location?: Place } = merchant.location ? { location: merchant.location } : {};
  return {
    transactionId, kind: 'purchase', merchantId: merchant.merchantId, mcc: categoryOf(merchant).mcc, amountMinor, currency: 'EUR', channel: merchant.online ? 'online' : 'offline', ...location,
  };
}
