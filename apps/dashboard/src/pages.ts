import type { ComponentType } from 'react';
import { CampaignsPage } from './campaigns/campaigns-page';
import { ClientsPage } from './clients/clients-page';
import { DataHealthPage } from './data-health/data-health-page';
import { DeadLettersPage } from './dead-letters/dead-letters-page';
import { EarnedPage } from './earned/earned-page';
import { ExperimentsPage } from './experiments/experiments-page';
import { FeaturesPage } from './features/features-page';
import { IncidentsPage } from './incidents/incidents-page';
import { MerchantsPage } from './merchants/merchants-page';
import { OverviewPage } from './overview/overview-page';
import { RegulationPage } from './regulation/regulation-page';
import { ReviewsPage } from './reviews/reviews-page';

export interface Page {
  /** Behind the hash: `#/` is the first. */
  readonly path: string;
  readonly title: string;
  readonly Content: ComponentType;
}

/** The pages in the order of the navigation; a new page is one line here. */
export const pages: readonly [Page, ...Page[]] = [
  { path: '/', title: 'Overview', Content: OverviewPage },
  { path: '/experiments', title: 'Experiments', Content: ExperimentsPage },
  { path: '/earned', title: 'Earned', Content: EarnedPage },
  { path: '/campaigns', title: 'Campaigns', Content: CampaignsPage },
  { path: '/clients', title: 'Clients', Content: ClientsPage },
  { path: '/regulation', title: 'Regulation', Content: RegulationPage },
  { path: '/merchants', title: 'Merchants', Content: MerchantsPage },
  { path: '/incidents', title: 'Incidents', Content: IncidentsPage },
  { path: '/reviews', title: 'Reviews', Content: ReviewsPage },
  { path: '/features', title: 'Features', Content: FeaturesPage },
  { path: '/data-health', title: 'Data health', Content: DataHealthPage },
  { path: '/dead-letters', title: 'Dead letters', Content: DeadLettersPage },
];
