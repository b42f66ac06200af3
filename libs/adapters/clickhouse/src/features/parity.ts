import type { ClickHouseClient } from '@clickhouse/client';
import { compareVectors, featureDefinitions, Recomputation, type FoldInput, type Recomputed } from '@sp/features';
import { sampleDecisions, type SampledDecision, type SampleWanted } from './sampled-decisions';
import { partitionsBegunLate, readInputs } from './stored-inputs';

export interface FeatureParity {
  readonly feature: string;
  readonly type: string;
  /** Of those compared, how often the value was known at all, and how many different values it had: what was hardly tried shows little. */
  known: number;
  readonly values: Set<number>;
  differing: number;
  example: { readonly decisionId: string; readonly online: number; readonly recomputed: number } | undefined;
}

export interface ParityReport {
  readonly compared: number;
  /** Of those compared, in which at least one feature differs. */
  differingDecisions: number;
  readonly clients: number;
  readonly features: readonly FeatureParity[];
  /** Decisions whose moment is not among the stored inputs. */
  readonly notFound: readonly string[];
  readonly ofOtherVersions: number;
  /** Partitions with a past from before inputs were stored: differences there say nothing. */
  readonly begunLate: readonly number[];
}

/** Bounds what is in memory at once. */
const clientsAPass = 200;

/** Do the vectors that decisions used equal those computed again from ClickHouse? `mend` lets a test spoil what was stored. */
export async function checkParity(client: ClickHouseClient, wanted: SampleWanted, mend: (inputs: FoldInput[]) => FoldInput[] = (same) => same): Promise<ParityReport> {
  const { decisions, ofOtherVersions } = await sampleDecisions(client, wanted);
  const begunLate = await partitionsBegunLate(client);
  const features = featureDefinitions.map(({ name, type }): FeatureParity => ({ feature: name, type, known: 0, values: new Set(), differing: 0, example: undefined }));
  let differingDecisions = 0;
  const waiting = new Map(decisions.map((decision) => [decision.instant.key, decision]));
  for (const pass of passesOf(decisions)) {
    for (const recomputed of recompute(pass, mend(await readInputs(client, wantedBy(pass))))) {
      const decision = waiting.get(recomputed.key);
      if (decision && waiting.delete(recomputed.key) && note(features, decision, recomputed)) differingDecisions++;
    }
  }
  const clients = new Set(decisions.map(({ instant }) => instant.clientId)).size;
  return { compared: decisions.length - waiting.size, differingDecisions, clients, features, notFound: [...waiting.keys()], ofOtherVersions, begunLate };
}

function* passesOf(decisions: readonly SampledDecision[]): Iterable<SampledDecision[]> {
  const byPartition = groupBy(decisions, ({ partition }) => partition);
  for (const own of byPartition.values()) {
    const byClient = [...groupBy(own, ({ instant }) => instant.clientId).values()];
    for (let from = 0; from < byClient.length; from += clientsAPass) yield byClient.slice(from, from + clientsAPass).flat();
  }
}

function groupBy<Item, Key>(items: readonly Item[], keyOf: (item: Item) => Key): Map<Key, Item[]> {
  const groups = new Map<Key, Item[]>();
  for (const item of items) {
    const own = groups.get(keyOf(item));
    if (own) own.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}

function wantedBy(pass: readonly SampledDecision[]): Parameters<typeof readInputs>[1] {
  const ticks = pass.flatMap(({ instant: { at } }) => (at.kind === 'tick' ? [at.timeMs] : []));
  return { partition: pass[0]?.partition ?? 0, clientIds: [...new Set(pass.map(({ instant }) => instant.clientId))], tickTimesMs: [...new Set(ticks)] };
}

function recompute(pass: readonly SampledDecision[], inputs: readonly FoldInput[]): Recomputed[] {
  const recomputation = new Recomputation(pass.map(({ instant }) => instant));
  return inputs.flatMap((input) => recomputation.apply(input));
}

/** Whether anything differs. */
function note(features: readonly FeatureParity[], { instant, vector: online }: SampledDecision, { vector: recomputed }: Recomputed): boolean {
  features.forEach((feature, place) => {
    const value = recomputed[place] ?? NaN;
    if (!Number.isNaN(value)) feature.known++;
    if (feature.values.size < 100) feature.values.add(value);
  });
  const differences = compareVectors(online, recomputed);
  for (const { feature, ...values } of differences) {
    const row = features.find((own) => own.feature === feature);
    if (!row) continue;
    row.differing++;
    row.example ??= { decisionId: instant.key, ...values };
  }
  return differences.length > 0;
}
