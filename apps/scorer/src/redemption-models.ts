import type { DecisionScored } from '@sp/contracts';
import { openScorer, type BatchScorer, type ModelStore } from '@sp/models';
import { noModelVersion } from '@sp/offers';

/** The conversion model's name in the store and in `model.activated`. */
export const redemptionModel = 'redemption';

/** Sessions kept open: the active model and the one before it, which a batch across a switch may still name. */
const maximumOpen = 2;

/** Scores candidates with the model version that each event names. All rows of a batch that name the same version go to ONNX together. */
export class RedemptionModels {
  readonly #open = new Map<string, Promise<BatchScorer>>();

  constructor(
    private readonly store: ModelStore,
    private readonly threads: number,
  ) {}

  async score(events: readonly DecisionScored[]): Promise<DecisionScored[]> {
    const scored = [...events];
    for (const [version, places] of placesByVersion(events)) {
      if (version === noModelVersion) continue;
      const conversions = await this.#scoreRows(version, places.map((place) => events[place]!));
      let row = 0;
      for (const place of places) {
        const { data } = events[place]!;
        scored[place] = { ...events[place]!, data: { ...data, candidates: data.candidates.map((candidate) => ({ ...candidate, conversion: conversions[row++]! })) } };
      }
    }
    return scored;
  }

  async close(): Promise<void> {
    for (const scorer of this.#open.values()) await (await scorer).close();
  }

  async #scoreRows(version: string, events: readonly DecisionScored[]): Promise<Float32Array> {
    const rows = events.reduce((sum, { data }) => sum + data.candidates.length, 0);
    if (rows === 0) return new Float32Array();
    const scorer = await this.#scorer(version);
    const features = new Float32Array(rows * scorer.columns);
    let row = 0;
    for (const { data } of events) {
      for (const candidate of data.candidates) {
        const width = data.vector.length + candidate.features.length;
        if (width !== scorer.columns) throw new Error(`model ${version} takes ${scorer.columns} features, the line gives ${width}: activate a model that was trained on these features`);
        features.set(data.vector, row * scorer.columns);
        features.set(candidate.features, row * scorer.columns + data.vector.length);
        row++;
      }
    }
    return scorer.score(features, rows);
  }

  #scorer(version: string): Promise<BatchScorer> {
    const known = this.#open.get(version);
    if (known) return known;
    const opening = this.store.load(redemptionModel, version).then(({ bytes }) => openScorer({ model: bytes, threads: this.threads }));
    this.#open.set(version, opening);
    this.#closeOldest();
    return opening;
  }

  #closeOldest(): void {
    if (this.#open.size <= maximumOpen) return;
    const [oldest, scorer] = this.#open.entries().next().value!;
    this.#open.delete(oldest);
    void scorer.then((open) => open.close());
  }
}

function placesByVersion(events: readonly DecisionScored[]): Map<string, number[]> {
  const places = new Map<string, number[]>();
  for (const [place, { data }] of events.entries()) {
    const known = places.get(data.modelVersion);
    if (known) known.push(place);
    else places.set(data.modelVersion, [place]);
  }
  return places;
}
