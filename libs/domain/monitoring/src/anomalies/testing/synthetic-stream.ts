/** Draws for trials: the same for the same seed. */
export function drawsOf(seed: number): { uniform(): number; normal(): number; poisson(mean: number): number } {
  let state = seed | 0;
  const uniform = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  const poisson = (mean: number): number => {
    if (mean > 30) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal()));
    let [count, product] = [-1, 1];
    for (const limit = Math.exp(-mean); product > limit; count++) product *= uniform();
    return count;
  };
  return { uniform, normal, poisson };
}

export interface StreamOptions {
  readonly seed: number;
  /** Mean of a weekday. */
  readonly eventsAMinute: number;
  /** Standard deviation of a slow wander (half an hour's memory) that no profile explains, as a share. */
  readonly wander: number;
  /** 1 but for planted troubles. */
  readonly factor?: (minute: number) => number;
}

/** Monday 2026-01-05. */
export const streamStartMs = Date.UTC(2026, 0, 5);

/** Counts a minute with nights (a fifth of the mean), days (1.8 times), quieter weekends, and Poisson's luck. */
export function* syntheticStream({ seed, eventsAMinute, wander, factor = () => 1 }: StreamOptions, minutes: number): Generator<{ timeMs: number; count: number }> {
  const draws = drawsOf(seed);
  let wandered = 0;
  for (let minute = 0; minute < minutes; minute++) {
    const hour = (minute % 1_440) / 60;
    const usual = eventsAMinute * (1 + 0.8 * Math.sin(((hour - 9) / 24) * 2 * Math.PI)) * (Math.floor(minute / 1_440) % 7 > 4 ? 0.7 : 1);
    wandered = 0.97 * wandered + Math.sqrt(1 - 0.97 ** 2) * draws.normal();
    yield { timeMs: streamStartMs + minute * 60_000, count: draws.poisson(usual * factor(minute) * Math.exp(wander * wandered - (wander * wander) / 2)) };
  }
}
