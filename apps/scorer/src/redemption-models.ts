import { packCandidates, readCandidates, roundTo, type DecisionScored, type ScoredCandidate } from '@sp/contracts';
import { openScorer, type BatchScorer, type ModelStore } from '@sp/models';
import { noModelVersion, rulesVersion } from '@sp/offers';

/** The conversion model's name in the store and in `model.activated`. */
export const redemptionModel = 'redemption';

/** As fine as the models' own 32-bit numbers; what is logged is the truth for everything after it. */
const conversionDigits = 7;

/** Sessions kept open: the active model and the one before it, which a batch across a switch may still name. */
const maximumOpen = 2;

/** A due moment with its rows, and what they were scored; before it nothing. */
interface Moment {
  readonly event: DecisionScored;
  readonly rows: readonly ScoredCandidate[];
}

/** Scores candidates with the model version that each event names, and packs them into columns. All rows of a batch that name the same version go to ONNX together. */
export class RedemptionModels {
  readonly #open = new Map<string, Promise<BatchScorer>>();

  constructor(
    private readonly store: ModelStore,
    private readonly threads: number,
  ) {}

  async score(events: readonly DecisionScored[]): Promise<DecisionScored[]> {
    const moments = events.map((event): Moment => ({ event, rows: readCandidates(event.data.candidates) }));
    const conversions: Float32Array[] = moments.map(({ rows }) => new Float32Array(rows.length));
    for (const [version, places] of placesByVersion(events)) {
      if (version === noModelVersion || version === rulesVersion) continue;
      const scores = await this.#scoreRows(version, places.map((place) => moments[place]!));
      let row = 0;
      for (const place of places) conversions[place] = scores.subarray(row, (row += moments[place]!.rows.length));
    }
    return moments.map(({ event, rows }, place) => {
      const candidates = packCandidates(rows.map((candidate, row) => ({ ...candidate, conversion: roundTo(conversions[place]![row]!, conversionDigits) })));
      return { ...event, data: { ...event.data, candidates } };
    });
  }

  async close(): Promise<void> {
    for (const scorer of this.#open.values()) await (await scorer).close();
  }

  async #scoreRows(version: string, moments: readonly Moment[]): Promise<Float32Array> {
    const count = moments.reduce((sum, { rows }) => sum + rows.length, 0);
    if (count === 0) return new Float32Array();
    const scorer = await this.#scorer(version);
    const { columns } = scorer;
    const features = new Float32Array(count * columns);
    let at = 0;
    for (const { event: { data: { vector } }, rows } of moments) {
      const client = Float32Array.from(vector);
      for (const candidate of rows) {
        const width = client.length + candidate.features.length;
        if (width !== columns) throw new Error(`model ${version} takes ${columns} features, the line gives ${width}: activate a model that was trained on these features`);
        features.set(client, at);
        features.set(candidate.features, at + client.length);
        at += columns;
      }
    }
    return scorer.score(features, count);
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
