import { addDecayed, decayedSum, emptyDecayed, readDecayed, type Decayed } from '../decayed';
import { oncePerReading, type Feature, type FeatureGroup } from '../feature-group';
import { mccGroup, mccGroups, type MccGroup } from '../reference/mcc-group';
import { list, record, type Codec } from '../stored/codec';

export interface GroupUse {
  readonly group: MccGroup;
  readonly purchases: Decayed;
}

/** One entry for each group of categories that the client ever bought in; there are few groups. */
export type GroupUses = GroupUse[];

/** A month and a half: long enough for a monthly purchase to be still half there. Chosen, not fitted. */
const halfLifeDays = 45;

/** Where most card purchases fall; the others count in the shares and the entropy alone. */
const named = [
  ['food-stores', 'foodStores'], ['eating', 'eating'], ['transport', 'transport'], ['vehicles', 'vehicles'], ['clothing', 'clothing'],
  ['specialty-stores', 'specialtyStores'], ['general-stores', 'generalStores'], ['entertainment', 'entertainment'], ['health', 'health'], ['travel', 'travel'],
] as const satisfies readonly (readonly [MccGroup, string])[];

const groupCodec: Codec<MccGroup> = { write: (bytes, group) => bytes.byte(mccGroups.indexOf(group)), read: (bytes) => mccGroups[bytes.byte()] ?? 'government' };

/** What the client buys by groups of categories, how many of each of late, and how widely. */
export const groupUses: FeatureGroup<GroupUses> = {
  empty: () => [],
  codec: list(record<GroupUse>({ group: groupCodec, purchases: decayedSum })),
  purchased(uses, { mcc, timeMs }) {
    if (mcc === undefined) return;
    const group = mccGroup(mcc);
    let use = uses.find((known) => known.group === group);
    if (!use) uses.push((use = { group, purchases: emptyDecayed() }));
    addDecayed(use.purchases, 1, timeMs, halfLifeDays);
  },
  reversed(uses, { purchase: { mcc, timeMs }, isWhole }) {
    const use = isWhole && mcc !== undefined ? uses.find(({ group }) => group === mccGroup(mcc)) : undefined;
    if (use) addDecayed(use.purchases, -1, timeMs, halfLifeDays);
  },
  features: [
    ...named.map(([group, name]): Feature<GroupUses> => ({ name: `${name}Decayed`, type: 'real', value: (uses, { timeMs }) => weightOf(uses, group, timeMs) })),
    { name: 'topGroupShare', type: 'real', missing: 'no purchase with a category', value: (uses, reading) => largest(shares(uses, reading)) },
    { name: 'groupEntropy', type: 'real', missing: 'no purchase with a category', value: (uses, reading) => entropy(shares(uses, reading)) },
  ],
};

function weightOf(uses: GroupUses, group: MccGroup, timeMs: number): number {
  for (const use of uses) if (use.group === group) return readDecayed(use.purchases, timeMs, halfLifeDays);
  return 0;
}

const shares = oncePerReading((uses: GroupUses, { timeMs }): number[] => {
  const known = uses.map(({ purchases }) => readDecayed(purchases, timeMs, halfLifeDays)).filter((weight) => weight > 0);
  const sum = known.reduce((total, weight) => total + weight, 0);
  return known.map((weight) => weight / sum);
});

function largest(parts: readonly number[]): number {
  return parts.length === 0 ? NaN : Math.max(...parts);
}

/** In bits: 0 where all is in one group. */
function entropy(parts: readonly number[]): number {
  return parts.length === 0 ? NaN : parts.reduce((sum, share) => sum - share * Math.log2(share), 0);
}
