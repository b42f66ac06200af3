import { hashId } from '@sp/contracts';
import type { ClientState } from './client-state';
import type { Action, Contact, FeatureGroup, FeatureType, Purchase, Reading, Reversal, Sighting } from './feature-group';
import { appSessions } from './groups/app-sessions';
import { appUse } from './groups/app-use';
import { calendar } from './groups/calendar';
import { categoryUses } from './groups/category-uses';
import { clientFacts } from './groups/client-facts';
import { groupUses } from './groups/group-uses';
import { lastMerchant } from './groups/last-merchant';
import { merchantUses } from './groups/merchant-uses';
import { offerContact } from './groups/offer-contact';
import { purchaseAmounts } from './groups/purchase-amounts';
import { purchaseDecay } from './groups/purchase-decay';
import { purchaseGaps } from './groups/purchase-gaps';
import { purchaseTotals } from './groups/purchase-totals';
import { purchaseWeeks } from './groups/purchase-weeks';
import { purchaseWindows } from './groups/purchase-windows';
import { spendRhythm } from './groups/spend-rhythm';
import { usualPlaces } from './groups/usual-places';
import { whereabouts } from './groups/whereabouts';

/** One number of the vector. */
export interface FeatureDefinition {
  readonly name: string;
  readonly type: FeatureType;
  /** The slice of the state that it is read from. */
  readonly group: keyof ClientState;
  /** When it is NaN; without this it never is. */
  readonly missing: string | undefined;
  readonly read: (state: ClientState, reading: Reading) => number;
}

interface BoundGroup {
  readonly features: readonly FeatureDefinition[];
  readonly purchased: ((state: ClientState, purchase: Purchase) => void) | undefined;
  readonly reversed: ((state: ClientState, reversal: Reversal) => void) | undefined;
  readonly contacted: ((state: ClientState, contact: Contact) => void) | undefined;
  readonly sighted: ((state: ClientState, sighting: Sighting) => void) | undefined;
  readonly acted: ((state: ClientState, action: Action) => void) | undefined;
}

/** The groups in the order in which they stand in the vector. */
const groups: readonly BoundGroup[] = [
  bind('windows', purchaseWindows),
  bind('totals', purchaseTotals),
  bind('gaps', purchaseGaps),
  bind('decay', purchaseDecay),
  bind('merchants', merchantUses),
  bind('categories', categoryUses),
  bind('facts', calendar),
  bind('facts', clientFacts),
  bind('offers', offerContact),
  bind('app', appUse),
  bind('whereabouts', whereabouts),
  bind('windows', purchaseWeeks),
  bind('authorisations', purchaseAmounts),
  bind('merchants', lastMerchant),
  bind('groups', groupUses),
  bind('rhythm', spendRhythm),
  bind('places', usualPlaces),
  bind('sessions', appSessions),
];

export const featureDefinitions: readonly FeatureDefinition[] = groups.flatMap(({ features }) => features);
export const featureNames: readonly string[] = featureDefinitions.map(({ name }) => name);
/** Vectors of different versions never meet in one model. */
export const featuresVersion: string = hashId('f', ...featureNames).slice(0, 14);

/** The client's vector at that moment, in the order of `featureNames`; NaN where a feature is missing. */
export function vectorOf(state: ClientState, timeMs: number): number[] {
  const reading = { timeMs, facts: state.facts };
  return featureDefinitions.map(({ read }) => read(state, reading));
}

const purchaseWriters = groups.flatMap(({ purchased }) => purchased ?? []);
const reversalWriters = groups.flatMap(({ reversed }) => reversed ?? []);
const contactWriters = groups.flatMap(({ contacted }) => contacted ?? []);
const sightingWriters = groups.flatMap(({ sighted }) => sighted ?? []);
const actionWriters = groups.flatMap(({ acted }) => acted ?? []);

export function writePurchase(state: ClientState, purchase: Purchase): void {
  for (const write of purchaseWriters) write(state, purchase);
}

export function writeReversal(state: ClientState, reversal: Reversal): void {
  for (const write of reversalWriters) write(state, reversal);
}

export function writeContact(state: ClientState, contact: Contact): void {
  for (const write of contactWriters) write(state, contact);
}

export function writeSighting(state: ClientState, sighting: Sighting): void {
  for (const write of sightingWriters) write(state, sighting);
}

export function writeAction(state: ClientState, action: Action): void {
  for (const write of actionWriters) write(state, action);
}

function bind<Key extends keyof ClientState>(key: Key, group: Omit<FeatureGroup<ClientState[Key]>, 'empty' | 'codec'>): BoundGroup {
  const { features, purchased, reversed, contacted, sighted, acted } = group;
  return {
    features: features.map(({ name, type, missing, value }) => ({ name, type, group: key, missing, read: (state, reading) => value(state[key], reading) })),
    purchased: purchased && ((state, purchase) => purchased(state[key], purchase)),
    reversed: reversed && ((state, reversal) => reversed(state[key], reversal)),
    contacted: contacted && ((state, contact) => contacted(state[key], contact)),
    sighted: sighted && ((state, sighting) => sighted(state[key], sighting)),
    acted: acted && ((state, action) => acted(state[key], action)),
  };
}
