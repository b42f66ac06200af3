import { Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import { bankDoor, ownSource, type LineEventOf } from '@sp/contracts';
import { KeyedState, sharedId, sharedKind, StateTable, type LoggedBatch, type StateStore } from '@sp/dataflow';
import { assignCluster, featureNames, shareDrift, type ClusterModel } from '@sp/features';
import { metrics } from '@sp/platform';
import type { NatsConnection } from 'nats';
import { randomUUID } from 'node:crypto';
import { listClusters, loadClusters, type ClusterArtefact } from './cluster-files';

export type ClusterKind = ClusterModel['kind'];
export const clusterKinds = ['client-clusters', 'merchant-clusters'] as const satisfies readonly ClusterKind[];

export interface AssignedClusters {
  readonly client?: { readonly version: string; readonly cluster: number };
  /** Of those asked about that were known at training. */
  readonly merchants?: { readonly version: string; readonly clusters: Readonly<Record<string, number>> };
}

const lookEveryMs = 2_000;
/** So many due clients make a reading of the shares; older ones count half with each further reading. */
const readingSize = 500;

/**
 * Which group do a client and his merchants belong to? By the artefacts that `model.activated` names in the control log, as this
 * service's committed state has it. The shares of the clients who come due are watched against those of training.
 */
export class ClusterAssignments implements BeforeApplicationShutdown {
  readonly #logger = new Logger('clusters');
  readonly #active = new Map<ClusterKind, { readonly version: string; readonly artefact: ClusterArtefact | undefined; readonly places: readonly number[] }>();
  #timer: NodeJS.Timeout | undefined;
  #counts: number[] = [];
  #counted = 0;

  constructor(
    private readonly modelsFolder: string,
    private readonly connection: NatsConnection,
  ) {}

  /** Looks from then on what the committed state of this service says is active. */
  follow(storeOf: (partition: number) => StateStore | undefined): void {
    this.#timer = setInterval(() => this.#look(storeOf(0)), lookEveryMs);
  }

  beforeApplicationShutdown(): void {
    clearInterval(this.#timer);
  }

  /** Takes up what was activated since. An artefact that is missing or damaged is said once and assigns nobody. */
  #look(store: StateStore | undefined): void {
    if (!store) return;
    const facts = new StateTable<LineEventOf<'model.activated'>>(new KeyedState(store), sharedKind);
    for (const kind of clusterKinds) {
      const version = facts.get(sharedId('model.activated', kind))?.data.version;
      if (version === undefined || this.#active.get(kind)?.version === version) continue;
      const artefact = loadClusters(this.modelsFolder, kind, version);
      if (typeof artefact === 'string') this.#logger.error(artefact);
      const known = typeof artefact === 'string' ? undefined : artefact;
      this.#active.set(kind, { version, artefact: known, places: known?.model.columns.map((column) => featureNames.indexOf(column)) ?? [] });
      if (kind === 'client-clusters') this.#counts = [];
    }
  }

  of(vector: readonly number[], merchantIds: readonly string[]): AssignedClusters {
    const [client, merchants] = clusterKinds.map((kind) => this.#active.get(kind));
    const cluster = this.#clusterOf(vector);
    const members = merchants?.artefact?.members;
    return {
      ...(client && cluster !== undefined && { client: { version: client.version, cluster } }),
      ...(merchants && members && { merchants: { version: merchants.version, clusters: Object.fromEntries(merchantIds.flatMap((id) => (members[id] === undefined ? [] : [[id, members[id]]]))) } }),
    };
  }

  /** Counts the clusters of clients for whom a decision came due. */
  watch({ emitted }: LoggedBatch): void {
    for (const event of emitted) {
      const cluster = event.type === 'decision.due' ? this.#clusterOf(event.data.vector) : undefined;
      if (cluster === undefined) continue;
      this.#counts[cluster] = (this.#counts[cluster] ?? 0) + 1;
      if (++this.#counted % readingSize === 0) this.#tellShares();
    }
  }

  async list(): Promise<readonly (ClusterArtefact['card'] & { readonly active: boolean })[]> {
    const all = await Promise.all(clusterKinds.map((kind) => listClusters(this.modelsFolder, kind)));
    return all.flat().map(({ card }) => ({ ...card, active: this.#active.get(card.kind)?.version === card.version }));
  }

  /** Answers when the request is durable; the switch is a fact in the control log. */
  async activate(kind: ClusterKind, version: string, by: string): Promise<{ kind: ClusterKind; version: string } | { message: string }> {
    const artefact = loadClusters(this.modelsFolder, kind, version);
    if (typeof artefact === 'string') return { message: artefact };
    const unknown = kind === 'client-clusters' ? artefact.model.columns.filter((column) => !featureNames.includes(column)) : [];
    if (unknown.length > 0) return { message: `${kind} ${version} needs features that the line does not give: ${unknown.join(', ')}` };
    const fact = { specversion: '1.0', id: randomUUID(), source: ownSource, type: 'model.activated', subject: kind, time: new Date().toISOString(), data: { model: kind, version, by } };
    await this.connection.jetstream().publish(bankDoor.controlRequests, JSON.stringify(fact));
    return { kind, version };
  }

  #clusterOf(vector: readonly number[]): number | undefined {
    const active = this.#active.get('client-clusters');
    return active?.artefact && assignCluster(active.artefact.model, active.places.map((place) => vector[place] ?? NaN));
  }

  #tellShares(): void {
    const shares = this.#active.get('client-clusters')?.artefact?.model.shares ?? [];
    const total = this.#counts.reduce((sum, count) => sum + (count ?? 0), 0);
    shares.forEach((_, cluster) => metrics.clusterShare.set({ cluster }, (this.#counts[cluster] ?? 0) / total));
    metrics.clusterDrift.set(shareDrift(shares, shares.map((_, cluster) => this.#counts[cluster] ?? 0)));
    this.#counts = this.#counts.map((count) => count / 2);
  }
}
