import { partitionOf } from '@sp/contracts';
import { KeyedState } from '@sp/dataflow';
import { ClientStates, featureNames, featuresVersion, profileOf, vectorOf, type ClientState } from '@sp/features';
import type { StageHost } from '@sp/platform';
import type { AssignedClusters, ClusterAssignments } from './cluster-assignments';

export interface ClientFeatures {
  readonly clientId: string;
  /** Event time of the newest event known of the client; the features are as of then. */
  readonly asOf: string;
  /** How long ago that was; null where the line's time is not the wall clock's. */
  readonly ageSeconds: number | null;
  readonly featuresVersion: string;
  /** null: not known of this client. */
  readonly features: Readonly<Record<string, number | null>>;
  readonly profile: ReturnType<typeof profileOf>;
  /** Groups that he and his merchants belong to; empty while no artefact is active. */
  readonly clusters: AssignedClusters;
}

export interface ManyClientFeatures {
  /** In the order in which they were asked for. */
  readonly clients: readonly ClientFeatures[];
  readonly unknown: readonly string[];
}

/** Reads clients' features from the committed state. */
export class FeatureReader {
  constructor(
    private readonly host: StageHost<'feature-store'>,
    private readonly partitions: number,
    private readonly clusters: Pick<ClusterAssignments, 'of'>,
    /** The wall clock, if the line follows it. */
    private readonly nowMs: (() => number) | undefined,
  ) {}

  read(clientId: string): ClientFeatures | undefined {
    const store = this.host.storeOf(partitionOf(clientId, this.partitions));
    const client = new ClientStates(new KeyedState(store)).get(clientId);
    return client && this.describe(clientId, client);
  }

  readMany(clientIds: readonly string[]): ManyClientFeatures {
    const found = clientIds.map((clientId) => ({ clientId, features: this.read(clientId) }));
    return { clients: found.flatMap(({ features }) => features ?? []), unknown: found.filter(({ features }) => !features).map(({ clientId }) => clientId) };
  }

  private describe(clientId: string, client: ClientState): ClientFeatures {
    const vector = vectorOf(client, client.lastEventMs);
    const features = Object.fromEntries(featureNames.map((name, place) => [name, Number.isFinite(vector[place]) ? vector[place]! : null]));
    const profile = profileOf(client);
    const ageSeconds = this.nowMs ? Math.max(0, this.nowMs() - client.lastEventMs) / 1000 : null;
    return { clientId, asOf: new Date(client.lastEventMs).toISOString(), ageSeconds, featuresVersion, features, profile, clusters: this.clusters.of(vector, profile.merchants.map(({ merchantId }) => merchantId)) };
  }
}
