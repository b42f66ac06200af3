import { blend, globalFrequency, NeighbourIndex, personalFrequency, personalThenGlobal, rankingMetrics, searchNeighbours, tasksOf, topItems, trainBasket, type ClientBaskets, type NextBasketTask, type RankingMetrics, type Trainer } from '@sp/learning';
import type { Case, CaseInput, Finding } from './case';
import { textOf, type PublicFile } from './public-files';

const k = 10;
const seed = 7;
/** Of the difference in recall, for a bank of clients: more than this is no chance on about a thousand clients. */
const clearlyAbove = 1.03;

type Parts = Readonly<Record<string, ClientBaskets[]>>;

/**
 * A client's next basket (the sets and split of DNNTSP, Yu and others 2020). Learned on `train`; judged on the last basket of the
 * clients of `test` where the folder has it (then `validate` is learned from, too), else of `validate`.
 */
export const nextBasket: Case = { name: 'next-basket', evaluate };

function evaluate(input: CaseInput): readonly Finding[] | undefined {
  const own = input.files.filter(isBaskets);
  if (own.length === 0) return undefined;
  return own.flatMap((file) => {
    const earlier = input.history.filter((other) => isBaskets(other) && setOf(other) === setOf(file)).map(partsOf);
    return judge(setOf(file), [partsOf(file), ...earlier], input);
  });
}

function isBaskets({ head }: PublicFile): boolean {
  return /^\s*\{\s*"(train|validate|valid|test)"\s*:\s*\{\s*"[^"]*"\s*:\s*\[\s*\[/.test(head);
}

/** "TaFeng", also of TaFeng-test or TaFeng.history. */
function setOf({ name }: PublicFile): string {
  return name.split(/[-_.]/, 1)[0] ?? name;
}

function partsOf(file: PublicFile): Parts {
  const parsed = JSON.parse(textOf(file)) as Record<string, Record<string, number[][]>>;
  return Object.fromEntries(Object.entries(parsed).map(([part, clients]) => [part === 'valid' ? 'validate' : part, Object.values(clients).map((baskets) => baskets.filter((basket) => basket.length > 0))]));
}

function judge(set: string, given: readonly Parts[], { trainer, say }: CaseInput): Finding[] {
  const part = (name: string): ClientBaskets[] => given.flatMap((parts) => parts[name] ?? []);
  const judged = part('test').length > 0 ? 'test' : 'validate';
  const clients = judged === 'test' ? [...part('train'), ...part('validate')] : part('train');
  const tasks = tasksOf(part(judged));
  const name = `next-basket ${set}`;
  if (clients.length === 0 || tasks.length === 0) return [{ case: name, metric: 'not judged', ours: NaN, references: {}, note: 'no clients to learn from, or none to judge: give the other part with --history' }];
  const items = 1 + [...clients, ...part(judged)].reduce((largest, baskets) => Math.max(largest, ...baskets.flat()), 0);
  const startedAt = Date.now();
  const rankings = rankAll({ clients, tasks, items }, trainer);
  say(`${name}: ${clients.length} clients to learn from, ${tasks.length} to judge, ${items} items, ${((Date.now() - startedAt) / 1000).toFixed(0)} s`);
  return findings(name, rankings, tasks, judged);
}

interface Setting {
  readonly clients: readonly ClientBaskets[];
  readonly tasks: readonly NextBasketTask[];
  readonly items: number;
}

type Rankings = Readonly<Record<string, readonly (readonly number[])[]>>;

function rankAll({ clients, tasks, items }: Setting, trainer: Trainer | undefined): Rankings {
  const global = globalFrequency(clients, items);
  const globalBest = topItems(global, k);
  const options = searchNeighbours(clients, items, seed);
  const index = new NeighbourIndex(clients, items, options);
  const model = trainer && trainBasket({ trainer, clients, items, options, seed });
  const rankings = {
    global: tasks.map(() => globalBest),
    personal: tasks.map(({ history }) => topItems(personalFrequency(history, items), k, new Set(history.flat()))),
    'personal + global': tasks.map(({ history }) => topItems(personalThenGlobal(personalFrequency(history, items), global), k)),
    neighbours: tasks.map(({ history }) => topItems(blend(index.scores(history), options.ownShare), k)),
    ...(model && { boosted: tasks.map(({ history }) => model.rank(history, k)) }),
  };
  model?.free();
  return rankings;
}

const metricNames = { recall: `recall@${k}`, ndcg: `NDCG@${k}`, hitRate: `hit rate@${k}` } as const;

function findings(name: string, rankings: Rankings, tasks: readonly NextBasketTask[], judged: string): Finding[] {
  const measured = Object.fromEntries(Object.entries(rankings).map(([ranker, lists]) => [ranker, rankingMetrics(lists, tasks.map(({ next }) => next), k)]));
  const best = measured['boosted'] ?? measured['neighbours']!;
  return (Object.keys(metricNames) as (keyof RankingMetrics)[]).map((metric) => {
    const references = Object.fromEntries(Object.entries(measured).filter(([ranker]) => measured[ranker] !== best).map(([ranker, figures]) => [ranker, figures[metric]]));
    const aim = { text: 'clearly above personal + global', met: best[metric] > clearlyAbove * (references['personal + global'] ?? NaN) };
    return { case: name, metric: metricNames[metric], ours: best[metric], references, aim, note: `last basket of ${tasks.length} clients of "${judged}"; ours: ${measured['boosted'] ? 'boosted trees over client-item pairs' : 'neighbours (no XGBoost)'}` };
  });
}
