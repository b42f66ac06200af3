import { describe, expect, it } from 'vitest';
import { tasksOf, topItems, type ClientBaskets } from './baskets';
import { globalFrequency, personalFrequency, personalThenGlobal } from './frequency';
import { blend, DEFAULT_NEIGHBOURS, NeighbourIndex, timedFrequency } from './neighbours';
import { PAIR_FEATURES, pairLabels, pairsOf, rebuyShares } from './pair-table';
import { rankingMetrics } from './ranking-metrics';
import { Transitions } from './transitions';

const bread = 0;
const milk = 1;
const nappies = 2;
const beer = 3;
const clients: ClientBaskets[] = [
  [[bread], [bread, milk], [milk]],
  [[nappies], [nappies, beer], [nappies], [beer]],
  [[bread], [nappies], [beer]],
];

describe('baselines', () => {
  it('count baskets, of everybody and of the client, and fill his own up with everybody’s', () => {
    expect([...globalFrequency(clients, 4)].map((share) => Math.round(share * 10))).toEqual([3, 2, 4, 3]);
    expect(topItems(personalThenGlobal(personalFrequency(clients[0]!, 4), globalFrequency(clients, 4)), 4)).toEqual([bread, milk, nappies, beer]);
  });

  it('a client of one basket has nothing to be foretold from', () => {
    expect(tasksOf([[[bread]], clients[0]!])).toEqual([{ history: [[bread], [bread, milk]], next: [milk] }]);
  });
});

describe('rankingMetrics', () => {
  it('counts what is found, and discounts by place against the whole basket', () => {
    const { recall, ndcg, hitRate } = rankingMetrics([[5, 1], [7, 8]], [[1, 2, 3], [9]], 2);
    expect(recall).toBeCloseTo(1 / 6, 12);
    expect(hitRate).toBe(0.5);
    expect(ndcg).toBeCloseTo((1 / Math.log2(3) / (1 + 1 / Math.log2(3) + 0.5)) / 2, 12);
  });
});

describe('neighbours', () => {
  const options = { ...DEFAULT_NEIGHBOURS, neighbours: 1, groups: 2, basketDecay: 0.5, groupDecay: 0.5 };

  it('a later basket counts more', () => {
    const { items, weights } = timedFrequency([[bread], [milk], [beer], [nappies]], options);
    const by = new Map([...items].map((item, place) => [item, weights[place]]));
    // Two groups of two baskets: (1, 0.5) / 2 each, the earlier group halved, the mean of both.
    expect([nappies, beer, milk, bread].map((item) => by.get(item))).toEqual([0.25, 0.125, 0.125, 0.0625]);
  });

  it('the nearest client lends what the client never bought, and a client is not his own neighbour', () => {
    const index = new NeighbourIndex(clients, 4, options);
    expect(topItems(blend(index.scores([[bread], [milk]]), 0.5), 2)).toEqual([milk, bread]);
    expect(topItems(blend(index.scores([[nappies]]), 0.5), 2)).toEqual([nappies, beer]);
    const itself = index.scores(clients[0]!, 0).neighbours;
    expect(itself[beer]).toBeGreaterThan(0);
  });
});

describe('pairs of client and item', () => {
  const index = new NeighbourIndex(clients, 4, DEFAULT_NEIGHBOURS);
  const knowledge = { global: globalFrequency(clients, 4), rebuy: rebuyShares(clients, 4), index, transitions: new Transitions(clients, 4), options: DEFAULT_NEIGHBOURS };
  const pairs = pairsOf([[nappies], [beer], [nappies]], knowledge, [bread], -1);
  const row = (item: number) => Object.fromEntries(PAIR_FEATURES.map((name, place) => [name, pairs.features[pairs.items.indexOf(item) * PAIR_FEATURES.length + place]]));

  it('tell recency, gaps, lags and averages', () => {
    expect(row(nappies)).toMatchObject({ 'own count': 2, 'baskets since': 0, 'mean gap': 2, 'since over gap': 0.5, 'in last': 1, 'lag 1 to 4': 8 + 2, 'in last three': 2 });
    expect(row(beer)).toMatchObject({ 'own count': 1, 'baskets since': 1, 'mean gap': NaN, 'in last': 0 });
    expect(row(bread)).toMatchObject({ 'own count': 0, 'baskets since': NaN });
  });

  it('know what follows what', () => {
    expect(row(beer).transition).toBeGreaterThan(row(bread).transition!);
    expect([...pairLabels(pairs, [beer])].reduce((a, b) => a + b, 0)).toBe(1);
  });
});
