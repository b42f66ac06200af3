import type { contactLimits } from '@sp/contracts';
import type { CampaignTable } from './campaign-table';
import type { MerchantTable } from './merchant-table';

/** How often and when a client may be approached. */
export type ContactLimits = { readonly [Limit in keyof typeof contactLimits]: number };

/** What concerns everybody and every client's fold may read. */
export interface Reference {
  readonly merchants: MerchantTable;
  readonly campaigns: CampaignTable;
  /** Of the policy in force. */
  readonly limits: ContactLimits;
}
