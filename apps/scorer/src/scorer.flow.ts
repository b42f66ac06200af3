import { ownSource, type DecisionDue, type DecisionScored } from '@sp/contracts';
import { flow, isSharedFact, MergedTable, SharedFacts, StateTable, type Fold, type FoldScope } from '@sp/dataflow';
import { CampaignTable, MerchantTable } from '@sp/features';
import { noModelVersion, PeerTable, PopularityTable, prepareCandidates, type ClientGroups, type GroupSales, type MarketReader, type Popularity } from '@sp/offers';
import { redemptionModel, type RedemptionModels } from './redemption-models';

/**
 * Which offers come into question, and how would the client answer each of them on each of its terms?
 * Remembers merchants, campaigns, the active model, what sells, to whom, and what all partitions know of merchants and of segments; of a client
 * only which groups he belongs to.
 */
function openRetrieval({ state }: FoldScope): Fold<'scorer'> {
  const merchants = new MerchantTable();
  const campaigns = new CampaignTable();
  const popularity = new PopularityTable(new StateTable<Popularity>(state, { kind: 'popularity', version: 1 }));
  const peers = new PeerTable(new StateTable<ClientGroups>(state, { kind: 'groups', version: 1 }), new StateTable<GroupSales>(state, { kind: 'group-sales', version: 1 }));
  const pausedMerchants = new Set<string>();
  const [statistics, spend] = [new MergedTable(state, 'merchant-statistics'), new MergedTable(state, 'segment-spend')];
  const market: MarketReader = { merchantOf: (id) => statistics.row(id), spendOf: (key) => spend.row(key) };
  let modelVersion = noModelVersion;
  const shared = new SharedFacts(state, (fact) => {
    if (fact.type === 'merchant.registered') merchants.apply(fact);
    if (fact.type === 'campaign.published' || fact.type === 'campaign.paused') campaigns.apply(fact);
    if (fact.type === 'merchant.paused') pausedMerchants[fact.data.paused ? 'add' : 'delete'](fact.data.merchantId);
    if (fact.type === 'model.activated' && fact.data.model === redemptionModel) modelVersion = fact.data.version;
  });

  return {
    onEvent(event, emit) {
      if (isSharedFact(event)) shared.keep(event);
      popularity.apply(event);
      peers.apply(event);
      statistics.apply(event);
      spend.apply(event);
      if (event.type !== 'decision.due') return 'pass';
      const rows = prepareCandidates(event.data, event.subject, event.timeMs, { merchants, campaigns, popularity, peers, pausedMerchants, market });
      emit(withCandidates(event, modelVersion, rows.map((row) => ({ ...row, conversion: 0 }))));
      return 'drop';
    },
  };
}

function withCandidates(due: DecisionDue, modelVersion: string, candidates: DecisionScored['data']['candidates']): DecisionScored {
  return { type: 'decision.scored', id: due.id, source: ownSource, subject: due.subject, timeMs: due.timeMs, data: { ...due.data, modelVersion, candidates } };
}

export const scorerFlow = (models: RedemptionModels) =>
  flow('scorer').from('feature-store', 'decision.due').fold('retrieve', { late: 'count-and-update' }, openRetrieval).call('score', (events) => models.score(events)).to('scorer');
