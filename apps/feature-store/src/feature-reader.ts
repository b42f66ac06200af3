import { partitionOf } from '@sp/contracts';
import { KeyedState } from '@sp/dataflow';
import { ClientStates, featureNames, featuresVersion, profileOf, vectorOf } from '@sp/features';
import type { StageHost } from '@sp/platform';

export interface ClientFeatures {
  readonly clientId: string;
  /** Event time of the newest event known of the client; the features are as of then. */
  readonly asOf: string;
  readonly featuresVersion: string;
  /** null: not known of this client. */
  readonly features: Readonly<Record<string, number | null>>;
  readonly profile: ReturnType<typeof profileOf>;
}

/** Reads one client's features from the committed state. */
export class FeatureReader {
  constructor(
    private readonly host: StageHost<'feature-store'>,
    private readonly partitions: number,
  ) {}

  read(clientId: string): ClientFeatures | undefined {
    const store = this.host.storeOf(partitionOf(clientId, this.partitions));
    const client = new ClientStates(new KeyedState(store)).get(clientId);
    if (!client) return undefined;
    const vector = vectorOf(client, client.lastEventMs);
    const features = Object.fromEntries(featureNames.map((name, place) => [name, Number.isFinite(vector[place]) ? vector[place]! : null]));
    return { clientId, asOf: new Date(client.lastEventMs).toISOString(), featuresVersion, features, profile: profileOf(client) };
  }
}
