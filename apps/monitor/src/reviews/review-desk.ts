import type { ClickHouseClient } from '@sp/clickhouse';
import { hashId, type ReviewCase } from '@sp/contracts';
import { DiversionEvidence, eBenjaminiHochberg, estimateHeterogeneity, fBetaThreshold, ReviewBook, type ReviewEntry, type ReviewRefusal } from '@sp/monitoring';
import { metrics } from '@sp/platform';
import { EntryLog } from '../entries/entry-log';
import { watchedSpan } from '../incidents/signal-counts.query';
import { firstReportMs, visits, type Visit } from './visits.query';

export interface ReviewDeskParts {
  readonly client: ClickHouseClient;
  readonly onError: (error: unknown) => void;
}

const everyMs = 5_000;
const dayMs = 86_400_000;
/** At most this share of the merchants that get a case is honest. */
const falseDiscoveries = 0.05;
/** One case in four is a control: a merchant under no suspicion, so that nobody learns to say yes. */
const controlEvery = 4;
/** Before anything is known: of forty visits with an offer one is refused. */
const prior = { visits: 40, converted: 39 };
/** From so many verdicts on, they decide from which evidence a case is opened. */
const leastVerdicts = 20;

/**
 * Looks once for each day of event time at how clients' visits with an offer ended, and opens a case for each merchant whose refusals no luck
 * explains. The evidence is folded anew at each start; cases and verdicts are kept.
 */
export class ReviewDesk {
  private readonly log: EntryLog<ReviewEntry>;
  private readonly book = new ReviewBook();
  private readonly evidence = new Map<string, DiversionEvidence>();
  private readonly known = { ...prior };
  private cursorMs: number | undefined;
  private markMs = -Infinity;
  private isLoaded = false;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private stopped = false;

  constructor(private readonly parts: ReviewDeskParts) {
    this.log = new EntryLog(parts.client, 'reviews');
  }

  start(): void {
    this.timer = setTimeout(() => void this.look(), everyMs);
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  async list(): Promise<ReviewCase[]> {
    await this.load();
    return this.book.list(Date.now());
  }

  async find(caseId: string): Promise<ReviewCase | undefined> {
    await this.load();
    return this.book.find(caseId, Date.now());
  }

  async act(entry: ReviewEntry): Promise<ReviewRefusal | undefined> {
    await this.load();
    const refusal = this.book.refusal(entry);
    if (refusal) return refusal;
    await this.log.append(entry, entry.caseId);
    this.book.fold(entry);
    return undefined;
  }

  /** By a reaction to an incident, whatever the evidence: the case's id; undefined where the merchant has one. */
  async openFor(merchantId: string): Promise<string | undefined> {
    await this.load();
    if (this.book.has(merchantId)) return undefined;
    const atMs = this.cursorMs ?? 0;
    await this.open(merchantId, this.evidence.get(merchantId) ?? new DiversionEvidence(), atMs, false);
    return caseIdOf(merchantId, atMs);
  }

  private async look(): Promise<void> {
    try {
      await this.load();
      const [firstMs, span] = [await firstReportMs(this.parts.client), await watchedSpan(this.parts.client)];
      if (firstMs !== undefined && span) {
        this.cursorMs ??= Math.floor(firstMs / dayMs) * dayMs;
        // A day is looked at when it is over, and an hour later, so that the sinks have it.
        for (; this.cursorMs + dayMs + 3_600_000 <= span.toMs && !this.stopped; this.cursorMs += dayMs) await this.takeDay(this.cursorMs);
      }
    } catch (error) {
      this.parts.onError(error);
    }
    if (!this.stopped) this.timer = setTimeout(() => void this.look(), everyMs);
  }

  /** The probability is that of the days before, so that a day's own visits have no part in what they are judged by. */
  private async takeDay(dayStartMs: number): Promise<void> {
    const seen = await visits(this.parts.client, dayStartMs, dayStartMs + dayMs);
    const probability = Math.min(0.98, this.known.converted / this.known.visits);
    for (const visit of seen) this.see(visit, probability);
    this.known.visits += seen.length;
    this.known.converted += seen.filter(({ converted }) => converted === 1).length;
    if (dayStartMs + dayMs > this.markMs) await this.openCases(dayStartMs + dayMs);
  }

  private see({ merchantId, converted, traced }: Visit, probability: number): void {
    const evidence = this.evidence.get(merchantId) ?? new DiversionEvidence();
    this.evidence.set(merchantId, evidence);
    evidence.see({ probability, converted: converted === 1, ...(converted === 0 && { hasTrace: traced === 1 }) });
  }

  private async openCases(atMs: number): Promise<void> {
    const merchants = [...this.evidence];
    const logE = merchants.map(([, evidence]) => evidence.logE);
    const labels = this.book.labels();
    const learned = labels.length >= leastVerdicts ? fBetaThreshold(labels)?.threshold : undefined;
    const named = eBenjaminiHochberg(logE, falseDiscoveries).filter((place) => learned === undefined || (logE[place] ?? 0) >= learned);
    for (const place of named) {
      const [merchantId, evidence] = merchants[place]!;
      if (this.book.has(merchantId)) continue;
      await this.open(merchantId, evidence, atMs, false);
      const control = merchants[(place * 7 + 3) % merchants.length];
      if (this.book.list(0).length % controlEvery === 1 && control && !named.includes((place * 7 + 3) % merchants.length)) await this.open(control[0], evidence, atMs, true);
    }
    await this.log.setMark(atMs);
    this.markMs = atMs;
    this.tellMetrics();
  }

  private tellMetrics(): void {
    const cases = this.book.list(Date.now());
    for (const state of ['open', 'claimed', 'awaiting-second', 'closed']) metrics.reviewCases.set({ state }, cases.filter((one) => one.state === state).length);
    const probability = Math.min(0.98, this.known.converted / this.known.visits);
    const estimate = estimateHeterogeneity([...this.evidence.values()].map(({ counts }) => ({ probability, visits: counts.offers, converted: counts.converted })));
    if (estimate) metrics.merchantHeterogeneity.set(estimate.logits);
  }

  /** A control is shown with the evidence of the case beside it: by the figures nobody can tell them apart. */
  private open(merchantId: string, evidence: DiversionEvidence, atMs: number, isControl: boolean): Promise<ReviewRefusal | undefined> {
    const { offers, expected, converted, traces } = evidence.counts;
    const round = (value: number): number => Math.round(value * 100) / 100;
    return this.act({ kind: 'opened', caseId: caseIdOf(merchantId, atMs), atMs, merchantId, isControl, evidence: { offers, expected: round(expected), converted, traces, logE: round(evidence.logE) } });
  }

  private async load(): Promise<void> {
    if (this.isLoaded) return;
    const [entries, mark] = await Promise.all([this.log.load(), this.log.mark()]);
    if (this.isLoaded) return;
    for (const entry of entries) this.book.fold(entry);
    this.markMs = mark ?? -Infinity;
    this.isLoaded = true;
  }
}

function caseIdOf(merchantId: string, atMs: number): string {
  return hashId('review', merchantId, String(atMs));
}
