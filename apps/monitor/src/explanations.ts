import type { DecisionDetail, DecisionExplanation, DecisionRecord } from '@sp/contracts';
import { DamagedModelError, readTrees, UnknownModelError, UnsupportedModelError, type ModelStore } from '@sp/models';
import { explainDecision, noModelVersion, rulesVersion, type ExplainingModel } from '@sp/offers';

/** The conversion model's name in the store. */
const redemptionModel = 'redemption';
const keptModels = 4;

/** Decisions in words, with the model that each one cites; a model is read once. */
export class Explanations {
  readonly #models = new Map<string, ExplainingModel>();

  constructor(private readonly store: ModelStore) {}

  async of(decision: DecisionDetail): Promise<DecisionExplanation> {
    const record = decision as DecisionRecord;
    const { model: version } = record.versions;
    if (version === noModelVersion) return { ...explainDecision(record), scoresMissing: 'No model was active: nothing was scored.' };
    if (version === rulesVersion) return { ...explainDecision(record), scoresMissing: 'The rules decided in the place of the model: nothing was scored.' };
    try {
      return explainDecision(record, await this.#model(version));
    } catch (error) {
      if (!(error instanceof UnknownModelError || error instanceof DamagedModelError || error instanceof UnsupportedModelError)) throw error;
      return { ...explainDecision(record), scoresMissing: `The model cannot be read: ${error.message}` };
    }
  }

  async #model(version: string): Promise<ExplainingModel> {
    const known = this.#models.get(version);
    if (known) return known;
    const { bytes, card } = await this.store.load(redemptionModel, version);
    const model = { trees: readTrees(bytes, card.featureNames.length), featureNames: card.featureNames };
    this.#models.set(version, model);
    if (this.#models.size > keptModels) this.#models.delete(this.#models.keys().next().value!);
    return model;
  }
}
