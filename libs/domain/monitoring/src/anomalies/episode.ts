export interface EpisodeOptions {
  /** Opens when the score has been at least this… */
  readonly openAt: number;
  /** …for so many buckets in a row. */
  readonly forBuckets: number;
  /** Closes when the score has stayed below this… */
  readonly closeBelow: number;
  /** …for so many buckets in a row. */
  readonly keepFiringBuckets: number;
  /** After closing, opens no new episode for so long. */
  readonly lockoutBuckets: number;
}

export type EpisodeChange = 'opened' | 'closed' | undefined;

/** Hysteresis, `for`, keep-firing and lockout: turns scores into episodes. Four numbers of memory. */
export class EpisodeGate {
  private hot = 0;
  private cool = 0;
  private lockout = 0;
  private open = false;

  constructor(private readonly options: EpisodeOptions) {}

  get firing(): boolean {
    return this.open;
  }

  /** Something may be wrong already: nothing normal should be learned from this bucket. */
  get suspicious(): boolean {
    return this.open || this.hot > 0;
  }

  see(score: number): EpisodeChange {
    return this.open ? this.whileOpen(score) : this.whileClosed(score);
  }

  /** Ends the episode by decision: what is, is the new normal. */
  end(): void {
    this.open = false;
    this.hot = 0;
    this.cool = 0;
    this.lockout = this.options.lockoutBuckets;
  }

  private whileClosed(score: number): EpisodeChange {
    this.hot = score >= this.options.openAt ? this.hot + 1 : 0;
    if (this.lockout > 0) {
      this.lockout--;
      return undefined;
    }
    if (this.hot < this.options.forBuckets) return undefined;
    this.open = true;
    this.cool = 0;
    return 'opened';
  }

  private whileOpen(score: number): EpisodeChange {
    this.cool = score < this.options.closeBelow ? this.cool + 1 : 0;
    if (this.cool < this.options.keepFiringBuckets) return undefined;
    this.end();
    return 'closed';
  }
}
