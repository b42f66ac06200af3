import { applyCleaning, cleanedNames, learnCleaning, type Booster, type CleaningRecord, type Trainer } from '@sp/learning';
import { noOffer, type Offer, type Programme, type Wave } from './waves';

/** Expected net spend of each client of a wave for each offer; place 0 is no offer. */
export type OfferValues = readonly Float32Array[];

const params = { objective: 'reg:squarederror', max_depth: 3, eta: 0.1, min_child_weight: 50, subsample: 0.7, colsample_bytree: 0.7, lambda: 10 };
const rounds = 100;

/** Boosted trees over client and offer: E[net spend | client, offer]. */
export class OfferModel {
  private constructor(
    private readonly booster: Booster,
    private readonly cleaning: CleaningRecord,
    private readonly offers: readonly Offer[],
  ) {}

  static train(trainer: Trainer, waves: readonly Wave[], { offers }: Programme, seed: number, rowsOf: (wave: Wave) => readonly number[] = ({ net }) => [...net.keys()]): OfferModel {
    const cleaning = learnCleaning(waves.at(-1)!.clients);
    const parts = waves.map((wave) => ({ wave, rows: rowsOf(wave) }));
    const labels = Float32Array.from(parts.flatMap(({ wave, rows }) => rows.map((client) => wave.net[client] ?? NaN)));
    const matrices = parts.map(({ wave, rows }) => matrixOf(cleaning, offers, wave, rows, (client) => wave.offers[client] ?? noOffer));
    const columns = widthOf(cleaning, offers);
    const features = new Float32Array(labels.length * columns);
    matrices.reduce((at, matrix) => (features.set(matrix, at), at + matrix.length), 0);
    const mean = labels.reduce((a, b) => a + b, 0) / labels.length;
    return new OfferModel(trainer.train({ features, rows: labels.length, columns, labels, params: { ...params, base_score: mean }, rounds, seed }), cleaning, offers);
  }

  values(wave: Wave): OfferValues {
    const clients = [...wave.net.keys()];
    return [noOffer, ...this.offers.keys()].map((offer) => this.booster.predict(matrixOf(this.cleaning, this.offers, wave, clients, () => offer), clients.length));
  }

  free(): void {
    this.booster.free();
  }
}

function widthOf(cleaning: CleaningRecord, offers: readonly Offer[]): number {
  return cleanedNames(cleaning).length + 7 + offers.length;
}

function matrixOf(cleaning: CleaningRecord, offers: readonly Offer[], wave: Wave, clients: readonly number[], offerOf: (client: number) => number): Float32Array {
  const known = cleanedNames(cleaning).length;
  const table = applyCleaning(cleaning, wave.clients, 'plain');
  const width = widthOf(cleaning, offers);
  const matrix = new Float32Array(clients.length * width);
  clients.forEach((client, row) => {
    const offer = offerOf(client);
    matrix.set(table.subarray(client * known, (client + 1) * known), row * width);
    matrix.set([...offerFigures(offers[offer]), ...offers.map((_, other) => Number(other === offer))], row * width + known);
  });
  return matrix;
}

function offerFigures(offer: Offer | undefined): number[] {
  if (!offer) return [0, 0, 0, 0, 0, 0, 0];
  const { reward, difficulty, duration, type, channels } = offer;
  return [1, reward, difficulty, duration, Number(type === 'bogo'), Number(type === 'discount'), Number(channels.includes('social'))];
}
