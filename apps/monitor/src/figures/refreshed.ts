import type { Freshness } from '@sp/contracts';

export interface RefreshOptions {
  readonly everyMs: number;
  /** Puts an error into a sentence for the page. */
  readonly explain: (error: unknown) => string;
  readonly onError: (error: unknown) => void;
}

/**
 * The last answer of an expensive question, asked again only while somebody looks, one question at a time and never more than a
 * fifth of the time: a slow database is not asked faster for being slow. A failed question keeps the older answer, which shows its age.
 */
export class Refreshed<T> {
  private value: { readonly answer: T; readonly asOfMs: number } | undefined;
  private sentence: string | undefined;
  private running: Promise<void> | undefined;
  private nextAtMs = 0;

  constructor(
    private readonly ask: () => Promise<T>,
    private readonly options: RefreshOptions,
  ) {}

  get answer(): T | undefined {
    return this.value?.answer;
  }

  /** Asks if it is time; resolves when an answer or a failure is there. Never rejects. */
  refresh(nowMs: number): Promise<void> {
    if (this.running) return this.running;
    if (nowMs < this.nextAtMs) return Promise.resolve();
    this.running = this.question(nowMs).finally(() => (this.running = undefined));
    return this.running;
  }

  freshness(nowMs: number): Freshness {
    const late = this.value !== undefined && nowMs - this.value.asOfMs > 3 * this.options.everyMs + 5000;
    const sentence = this.sentence ?? (late ? 'The figures take long to count; they are older than usual.' : undefined);
    const state = this.value === undefined ? 'absent' : sentence === undefined ? 'current' : 'delayed';
    return { state, ...(this.value && { asOfMs: this.value.asOfMs }), ...(sentence !== undefined && { sentence }) };
  }

  private async question(startedMs: number): Promise<void> {
    const startedAt = performance.now();
    try {
      this.value = { answer: await this.ask(), asOfMs: startedMs };
      this.sentence = undefined;
    } catch (error) {
      this.sentence = this.options.explain(error);
      this.options.onError(error);
    }
    this.nextAtMs = startedMs + Math.max(this.options.everyMs, 5 * (performance.now() - startedAt));
  }
}
