/**
 * Groups of ISO 18245 merchant category codes by their first two digits, at about the grain at which people plan a purchase.
 * The ranges follow the standard's own chapters; 5000-5999, where most purchases are, is cut finer.
 */
const groupFrom = [
  [0, 'agriculture'], [15, 'contractors'], [30, 'travel'], [40, 'transport'], [48, 'utilities'], [50, 'wholesale'], [52, 'home-improvement'],
  [53, 'general-stores'], [54, 'food-stores'], [55, 'vehicles'], [56, 'clothing'], [57, 'home'], [58, 'eating'], [59, 'specialty-stores'],
  [60, 'finance'], [70, 'travel'], [72, 'personal-services'], [73, 'business-services'], [75, 'vehicles'], [76, 'repair'], [78, 'entertainment'],
  [80, 'health'], [81, 'professional-services'], [82, 'education'], [83, 'professional-services'], [90, 'government'],
] as const;

export type MccGroup = (typeof groupFrom)[number][1];

/** Pairs in which a purchase in one makes one in the other likelier; set by judgement, to be replaced by what the basket model learns. */
const relatedPairs: readonly (readonly [MccGroup, MccGroup])[] = [
  ['eating', 'entertainment'], ['eating', 'food-stores'], ['travel', 'transport'], ['home', 'home-improvement'],
  ['clothing', 'specialty-stores'], ['clothing', 'personal-services'], ['general-stores', 'food-stores'], ['health', 'specialty-stores'],
];

/** Every group once; its place is how a group is stored: a change of the table above is a new version of the state. */
export const mccGroups: readonly MccGroup[] = [...new Set(groupFrom.map(([, group]) => group))];

const groupOfHundred: readonly MccGroup[] = Array.from({ length: 100 }, (_, hundred) => groupFrom.findLast(([from]) => from <= hundred)?.[1] ?? 'agriculture');
const relatives = new Map<MccGroup, readonly MccGroup[]>(groupFrom.map(([, group]) => [group, [group, ...partnersOf(group)]]));

export function mccGroup(mcc: number): MccGroup {
  return groupOfHundred[Math.floor(mcc / 100)] ?? 'government';
}

/** The group itself, then the groups that go with it. */
export function relatedGroups(group: MccGroup): readonly MccGroup[] {
  return relatives.get(group) ?? [group];
}

function partnersOf(group: MccGroup): MccGroup[] {
  return relatedPairs.flatMap(([one, other]) => (one === group ? [other] : other === group ? [one] : []));
}
