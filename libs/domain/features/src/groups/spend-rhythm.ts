import { addDecayed, decayedSum, emptyDecayed, readDecayed, type Decayed } from '../decayed';
import { oncePerReading, type Feature, type FeatureGroup, type Purchase, type Reading } from '../feature-group';
import { localTime, monthPart } from '../local-time';
import { integer, list, record } from '../stored/codec';

export interface SpendRhythm {
  readonly all: Decayed;
  readonly weekend: Decayed;
  readonly night: Decayed;
  /** Spend in each eighth of the calendar month, ever. */
  readonly monthPartsMinor: number[];
}

const monthParts = 8;
/** Two months: some eight weekends. Chosen, not fitted. */
const halfLifeDays = 60;
const nightBeginsHour = 22;
const nightEndsHour = 6;
const saturday = 5;

/** When the client buys, on his own clock: at weekends, at night, and in which part of the month; money that comes monthly shows in it. */
export const spendRhythm: FeatureGroup<SpendRhythm> = {
  empty: () => ({ all: emptyDecayed(), weekend: emptyDecayed(), night: emptyDecayed(), monthPartsMinor: new Array<number>(monthParts).fill(0) }),
  codec: record<SpendRhythm>({ all: decayedSum, weekend: decayedSum, night: decayedSum, monthPartsMinor: list(integer) }),
  purchased(rhythm, purchase) {
    count(rhythm, purchase, 1);
    addToPart(rhythm, purchase, purchase.amountMinor);
  },
  reversed(rhythm, { purchase, amountMinor, isWhole }) {
    if (isWhole) count(rhythm, purchase, -1);
    addToPart(rhythm, purchase, -amountMinor);
  },
  features: [
    share('weekendShare', ({ weekend }) => weekend),
    share('nightShare', ({ night }) => night),
    { name: 'spendCycleStrength', type: 'real', missing: 'nothing spent', value: (rhythm, reading) => cycle(rhythm, reading).strength },
    onCycle('spendCycleSine', Math.sin),
    onCycle('spendCycleCosine', Math.cos),
  ],
};

function count({ all, weekend, night }: SpendRhythm, { timeMs, timeZone }: Purchase, by: 1 | -1): void {
  const { hour, weekday } = localTime(timeMs, timeZone);
  addDecayed(all, by, timeMs, halfLifeDays);
  if (weekday >= saturday) addDecayed(weekend, by, timeMs, halfLifeDays);
  if (hour >= nightBeginsHour || hour < nightEndsHour) addDecayed(night, by, timeMs, halfLifeDays);
}

function addToPart({ monthPartsMinor }: SpendRhythm, { timeMs, timeZone }: Purchase, amountMinor: number): void {
  const part = Math.floor(monthPart(timeMs, timeZone) * monthParts);
  monthPartsMinor[part] = Math.max(0, (monthPartsMinor[part] ?? 0) + amountMinor);
}

function share(name: string, part: (rhythm: SpendRhythm) => Decayed): Feature<SpendRhythm> {
  return {
    name, type: 'real', missing: 'no purchase',
    value(rhythm, { timeMs }) {
      const all = readDecayed(rhythm.all, timeMs, halfLifeDays);
      return all > 0 ? Math.min(1, readDecayed(part(rhythm), timeMs, halfLifeDays) / all) : NaN;
    },
  };
}

/** The resultant of the month as a circle (Mardia 1972): strength 0 is an even month, 1 all in one part; the angle is where spending centres. */
const cycle = oncePerReading(({ monthPartsMinor }: SpendRhythm): { readonly strength: number; readonly angle: number } => {
  let [x, y, sum] = [0, 0, 0];
  for (const [part, spendMinor] of monthPartsMinor.entries()) {
    x += spendMinor * (onMonth[part]?.x ?? NaN);
    y += spendMinor * (onMonth[part]?.y ?? NaN);
    sum += spendMinor;
  }
  return sum === 0 ? { strength: NaN, angle: NaN } : { strength: Math.hypot(x, y) / sum, angle: Math.atan2(y, x) };
});

/** The middle of each part on the circle. */
const onMonth = Array.from({ length: monthParts }, (_, part) => {
  const angle = (2 * Math.PI * (part + 0.5)) / monthParts;
  return { x: Math.cos(angle), y: Math.sin(angle) };
});

/** How far the moment is past the centre of the client's spending, round the month. */
function onCycle(name: string, project: (angle: number) => number): Feature<SpendRhythm> {
  const now = ({ timeMs, facts }: Reading): number => 2 * Math.PI * monthPart(timeMs, facts.timeZone);
  return { name, type: 'real', missing: 'nothing spent', value: (rhythm, reading) => project(now(reading) - cycle(rhythm, reading).angle) };
}
