const dayMs = 86_400_000;
const weekMs = 7 * dayMs;
const slotsADay = 96;
const slotsAWeek = 7 * slotsADay;

/** Weight of the newest value of a slot: about the last four weeks count. */
const newestWeight = 0.3;

/** How far the profile can be relied on at an instant. */
export type ProfileDepth = 'none' | 'day' | 'week';

/**
 * The usual shape of a week in quarter hours, as learned so far: the slot of the week where it was seen, before that the slot of the
 * day. Between the middles of two slots it is a straight line, so that a steep morning is no step. 768 numbers, whatever time passes.
 */
export class WeekProfile {
  private readonly week = new Float64Array(slotsAWeek);
  private readonly weekSeen = new Uint16Array(slotsAWeek);
  private readonly day = new Float64Array(slotsADay);
  private readonly daySeen = new Uint16Array(slotsADay);
  private slot = -1;
  private sum = 0;
  private buckets = 0;

  /** Takes one value; a slot's mean is learned when the next slot begins. A slot of which most was left out teaches nothing. */
  learn(timeMs: number, value: number): void {
    const slot = slotOf(timeMs);
    if (slot !== this.slot) this.close(slot);
    this.sum += value;
    this.buckets++;
  }

  depth(timeMs: number): ProfileDepth {
    const slot = slotOf(timeMs);
    const seen = (place: number): boolean => (this.weekSeen[mod(place, slotsAWeek)] ?? 0) > 0;
    if (seen(slot) && seen(slot + 1)) return 'week';
    const onDay = (place: number): boolean => (this.daySeen[mod(place, slotsADay)] ?? 0) > 0;
    return onDay(slot) && onDay(slot + 1) ? 'day' : 'none';
  }

  /** Undefined where neither this slot of the week nor of the day was ever seen. */
  at(timeMs: number): number | undefined {
    const place = (mod(timeMs - epochMondayMs, weekMs) / dayMs) * slotsADay - 0.5;
    const before = Math.floor(place);
    const [a, b] = [this.slotValue(before), this.slotValue(before + 1)];
    if (a === undefined || b === undefined) return a ?? b;
    return a + (b - a) * (place - before);
  }

  private slotValue(place: number): number | undefined {
    const slot = mod(place, slotsAWeek);
    if ((this.weekSeen[slot] ?? 0) > 0) return this.week[slot];
    const onDay = slot % slotsADay;
    return (this.daySeen[onDay] ?? 0) > 0 ? this.day[onDay] : undefined;
  }

  private close(next: number): void {
    if (this.slot >= 0 && this.buckets > 0) {
      const mean = this.sum / this.buckets;
      blend(this.week, this.weekSeen, this.slot, mean);
      blend(this.day, this.daySeen, this.slot % slotsADay, mean);
    }
    this.slot = next;
    this.sum = 0;
    this.buckets = 0;
  }
}

/** 1970-01-05 was a Monday; weeks begin there. */
const epochMondayMs = 4 * dayMs;

function slotOf(timeMs: number): number {
  return Math.floor((mod(timeMs - epochMondayMs, weekMs) / dayMs) * slotsADay);
}

/** The first values of a slot are averaged, later ones blended in. */
function blend(values: Float64Array, seen: Uint16Array, slot: number, value: number): void {
  const count = Math.min((seen[slot] ?? 0) + 1, 65_535);
  seen[slot] = count;
  values[slot] = (values[slot] ?? 0) + Math.max(newestWeight, 1 / count) * (value - (values[slot] ?? 0));
}

function mod(value: number, by: number): number {
  return ((value % by) + by) % by;
}
