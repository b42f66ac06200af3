import type { CampaignTable } from './campaign-table';
import type { MerchantTable } from './merchant-table';

/** What concerns everybody and every client's fold may read. */
export interface Reference {
  readonly merchants: MerchantTable;
  readonly campaigns: CampaignTable;
}
