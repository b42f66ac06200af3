const recentSights = 4;

/** A counter as it was seen over the last while; a counter that fell has started anew with its process. */
export class CounterWindow {
  private readonly seen: { readonly atMs: number; readonly grown: number }[] = [];
  private last: number | undefined;
  private grown = 0;

  constructor(private readonly windowMs: number) {}

  see(atMs: number, count: number): void {
    if (this.last !== undefined) this.grown += count >= this.last ? count - this.last : count;
    this.last = count;
    this.seen.push({ atMs, grown: this.grown });
    while ((this.seen[1]?.atMs ?? Infinity) <= atMs - this.windowMs) this.seen.shift();
  }

  /** Growth a second over the last few sights: between two alone, a late look shows a dip and then a peak that never were. */
  recentPerSecond(): number | undefined {
    return this.seen.length < 2 ? undefined : perSecond(this.seen[Math.max(0, this.seen.length - recentSights)], this.seen.at(-1));
  }

  /** Growth a second over the window, or what there is of it. */
  perSecond(): number | undefined {
    return this.seen.length < 2 ? undefined : perSecond(this.seen[0], this.seen.at(-1));
  }
}

function perSecond(from: { atMs: number; grown: number } | undefined, to: { atMs: number; grown: number } | undefined): number | undefined {
  if (!from || !to || to.atMs <= from.atMs) return undefined;
  return (to.grown - from.grown) / ((to.atMs - from.atMs) / 1000);
}
