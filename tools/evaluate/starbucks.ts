import { doublyRobustValue, offPolicyDifference, selfNormalisedValue, type OffPolicyValue } from '@sp/experiments';
import { qini, upliftAt, type Trainer } from '@sp/learning';
import type { Case, CaseInput, Finding } from './case';
import { OfferModel, type OfferValues } from './starbucks/offer-model';
import { isEvents, noOffer, programmeOf, wavesOf, type Programme, type Wave } from './starbucks/waves';

/** In each wave a client gets one of the ten offers with this probability each, else none. */
const offerChance = 0.0745;
const noneChance = 0.255;
const seed = 7;
const models = 3;
const oneStandardError = 0.683;
const margins = [0, 0.25, 0.5, 1, 1.5, 2, 3];

/**
 * Whom to send which of ten offers (a simulation by its publisher, offers assigned at random). Learned on all waves but the last,
 * judged on the last: what each policy would have earned by the net spend in the 72 hours after, off policy, and how well the
 * predicted effect orders the clients (Qini) for the best single offer against none.
 */
export const starbucks: Case = { name: 'starbucks', evaluate };

function evaluate({ files, history, trainer, say }: CaseInput): readonly Finding[] | undefined {
  const own = files.filter(isEvents);
  if (own.length === 0) return undefined;
  const programme = programmeOf([...files, ...history]);
  const name = 'starbucks (simulated)';
  if (!programme) return [{ case: name, metric: 'not judged', ours: NaN, references: {}, note: 'profile.json and portfolio.json are missing: give a folder that has them with --history' }];
  if (!trainer) return [];
  const waves = wavesOf([...history.filter(isEvents), ...own], programme);
  const last = waves.at(-1);
  if (!last || waves.length < 2) return [{ case: name, metric: 'not judged', ours: NaN, references: {}, note: 'fewer than two waves: give the earlier ones with --history' }];
  say(`${name}: waves at hours ${waves.map(({ hour }) => hour).join(', ')}; the last is judged`);
  return judge(name, { earlier: waves.slice(0, -1), last, programme }, trainer);
}

interface Setting {
  readonly earlier: readonly Wave[];
  readonly last: Wave;
  readonly programme: Programme;
}

type Policy = (client: number) => number;

function judge(name: string, { earlier, last, programme }: Setting, trainer: Trainer): Finding[] {
  const single = bestSingle(earlier, programme);
  const margin = searchMargin({ earlier, programme }, single, trainer);
  const values = meanValues(trainer, earlier, programme, last);
  const policies: Record<string, Policy> = { ours: bestOf(values, single, margin), single: () => single, none: () => noOffer };
  const weights = Object.fromEntries(Object.entries(policies).map(([key, policy]) => [key, weightsOf(last, policy)]));
  const worth = Object.fromEntries(Object.entries(weights).map(([key, own]) => [key, selfNormalisedValue({ rewards: last.net, weights: own })]));
  const logged = last.net.reduce((sum, net) => sum + net, 0) / last.net.length;
  const gain = offPolicyDifference(last.net, weights['single']!, weights['ours']!);
  const robust = doublyRobustValue({ rewards: last.net, weights: weights['ours']! }, rewardModel(values, last, policies['ours']!));
  const robustSingle = doublyRobustValue({ rewards: last.net, weights: weights['single']! }, rewardModel(values, last, policies['single']!));
  const references = { 'best single offer': worth['single']!.value, 'no offer': worth['none']!.value, 'as logged': logged };
  const about = { case: name, note: `${last.net.length} clients at hour ${last.hour}` };
  return [
    { ...about, metric: 'net spend a client, SNIPS', ours: worth['ours']!.value, references, aim: { text: 'above the best single offer', met: gain.value > 0 }, note: `${about.note}; ${said(worth['ours']!)}; less the best single offer (number ${single} on the earlier waves): ${said(gain)}; ${margin === Infinity ? 'no personal choice was proven better on the earlier waves' : `another one where it promises ${margin} more`}` },
    { ...about, metric: 'net spend a client, DR', ours: robust.value, references: { 'best single offer': robustSingle.value }, note: said(robust) },
    ...upliftFindings(about, { last, values, single }),
  ];
}

function said({ value, low, high }: OffPolicyValue): string {
  return `${value.toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)})`;
}

/** The client's own best offer, where it promises more than the best single one by at least the margin (currency units). */
function bestOf(values: OfferValues, single: number, margin: number): Policy {
  return (client) => {
    const best = values.reduce((found, own, place) => ((own[client] ?? 0) > (values[found]?.[client] ?? 0) ? place : found), 0);
    return (values[best]?.[client] ?? 0) > (values[single + 1]?.[client] ?? 0) + margin ? best - 1 : single;
  };
}

/** Models that differ by chance alone agree in what is no chance. */
function meanValues(trainer: Trainer, waves: readonly Wave[], programme: Programme, judged: Wave, rowsOf?: (wave: Wave) => readonly number[]): OfferValues {
  const all = Array.from({ length: models }, (_, number) => {
    const model = OfferModel.train(trainer, waves, programme, seed + number, rowsOf);
    const values = model.values(judged);
    model.free();
    return values;
  });
  return all[0]!.map((own, place) => own.map((_, client) => all.reduce((sum, values) => sum + (values[place]?.[client] ?? 0), 0) / models));
}

/** The margin that gains most, less a standard error, on the earlier waves, each client judged by models of the other half of the clients; infinite where none gains. */
function searchMargin({ earlier, programme }: Omit<Setting, 'last'>, single: number, trainer: Trainer): number {
  const judged = earlier.flatMap((wave) => {
    const halves = [0, 1].map((half) => meanValues(trainer, earlier, programme, wave, ({ net }) => [...net.keys()].filter((client) => client % 2 !== half)));
    return [{ wave, values: halves[0]!.map((own, place) => own.map((value, client) => (client % 2 === 0 ? value : (halves[1]?.[place]?.[client] ?? NaN)))) }];
  });
  const rewards = Float64Array.from(judged.flatMap(({ wave }) => [...wave.net]));
  const weights = (margin: number): Float64Array => Float64Array.from(judged.flatMap(({ wave, values }) => [...weightsOf(wave, bestOf(values, single, margin))]));
  const always = weights(Infinity);
  const gains = margins.map((margin) => offPolicyDifference(rewards, always, weights(margin), { confidence: oneStandardError }).low);
  const best = Math.max(...gains);
  return best > 0 ? (margins[gains.indexOf(best)] ?? Infinity) : Infinity;
}

function bestSingle(earlier: readonly Wave[], { offers }: Programme): number {
  const means = [...offers.keys()].map((offer) => {
    const nets = earlier.flatMap((wave) => [...wave.net].filter((_, client) => wave.offers[client] === offer));
    return nets.reduce((sum, net) => sum + net, 0) / Math.max(1, nets.length);
  });
  return means.indexOf(Math.max(...means));
}

function weightsOf({ offers }: Wave, policy: Policy): Float64Array {
  return Float64Array.from(offers, (offer, client) => (policy(client) === offer ? 1 / (offer === noOffer ? noneChance : offerChance) : 0));
}

function rewardModel(values: OfferValues, { offers }: Wave, policy: Policy) {
  const of = (client: number, offer: number): number => values[offer + 1]?.[client] ?? NaN;
  return { logged: Float64Array.from(offers, (offer, client) => of(client, offer)), target: Float64Array.from(offers, (_, client) => of(client, policy(client))) };
}

/** The clients of the last wave who got the best single offer or none: a trial of two arms. */
function upliftFindings(about: Pick<Finding, 'case' | 'note'>, { last, values, single }: { readonly last: Wave; readonly values: OfferValues; readonly single: number }): Finding[] {
  const rows = [...last.net.keys()].filter((client) => last.offers[client] === single || last.offers[client] === noOffer);
  const trial = { outcomes: Float64Array.from(rows, (client) => last.net[client] ?? NaN), treated: Uint8Array.from(rows, (client) => Number(last.offers[client] === single)) };
  const effects = { ...trial, scores: Float64Array.from(rows, (client) => (values[single + 1]?.[client] ?? 0) - (values[0]?.[client] ?? 0)) };
  const spenders = { ...trial, scores: Float64Array.from(rows, (client) => values[0]?.[client] ?? 0) };
  const note = `${rows.length} clients with offer ${single} or none`;
  const coefficient = qini(effects).coefficient;
  return [
    { ...about, note, metric: 'Qini coefficient', ours: coefficient, references: { 'by expected spend': qini(spenders).coefficient, 'random order': 0 }, aim: { text: 'above a random order', met: coefficient > 0 } },
    { ...about, note, metric: 'uplift at 30 %', ours: upliftAt(effects, 0.3) ?? NaN, references: { 'by expected spend': upliftAt(spenders, 0.3) ?? NaN, 'everybody': upliftAt(effects, 1) ?? NaN } },
  ];
}
