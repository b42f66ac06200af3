import type { CampaignOverview, CampaignState } from '@sp/contracts';
import { useState } from 'react';
import { useLive } from '../live/live-store';
import { useAnswer } from '../live/use-answer';
import { Card } from '../parts/card';
import { ActorField, useActor } from '../live/actor';
import { CampaignForm } from './campaign-form';
import { CampaignRow } from './campaign-row';
import { ChoicesCard } from './choices-card';
import { ChangesCard } from './changes-card';

const everyMs = 3000;

/** Every campaign with its budget and pace; made, changed and paused here. What is asked for takes its place in the control log first. */
export function CampaignsPage() {
  const { overview } = useLive();
  const [edited, setEdited] = useState<CampaignState | 'new'>();
  const [said, setSaid] = useState('');
  const { data, problem } = useAnswer<readonly CampaignOverview[]>('v1/campaigns', everyMs);
  const [by, setBy] = useActor();
  const nowMs = overview?.newestEventMs ?? Date.now();
  const published = (sentence: string): void => {
    setSaid(sentence);
    setEdited(undefined);
  };
  return (
    <div className="grid gap-5 grid-cols-[minmax(0,1fr)]">
      <h1 className="sr-only">Campaigns</h1>
      <Card title="Campaigns" note="Used is what is spent and reserved of the budget; the bar's mark is the share of the campaign's days that are over" aside={<span className="flex flex-wrap items-end gap-2"><ActorField by={by} onChange={setBy} /><button type="button" className="button" onClick={() => setEdited('new')}>New campaign</button></span>}>
        <p role="status" className="px-5 text-quiet empty:hidden">{said}</p>
        <div className="relative overflow-x-auto">
          <table className="table min-w-[60rem]">
            <thead>
              <tr>
                <th scope="col">Campaign</th>
                <th scope="col">State</th>
                <th scope="col">Objective</th>
                <th scope="col" className="text-right">Budget</th>
                <th scope="col">Used</th>
                <th scope="col" className="text-right">Offers</th>
                <th scope="col" className="text-right">Redeemed</th>
                <th scope="col"><span className="sr-only">Actions</span></th>
              </tr>
            </thead>
            <tbody>{data?.map((campaign) => <CampaignRow key={campaign.campaignId} campaign={campaign} by={by} nowMs={nowMs} onChange={setEdited} onSaid={setSaid} />)}</tbody>
          </table>
          <p className="px-5 py-4 text-quiet">{problem ?? (data?.length === 0 ? 'No campaigns yet.' : '')}</p>
        </div>
      </Card>
      <ChoicesCard running={data?.filter(({ published }) => published && !published.paused && Date.parse(published.startsAt) <= nowMs && nowMs < Date.parse(published.endsAt)).length ?? 0} />
      <ChangesCard />
      {edited !== undefined && <CampaignForm by={by} {...(edited === 'new' ? {} : { before: edited })} onClose={() => setEdited(undefined)} onPublished={published} />}
    </div>
  );
}
