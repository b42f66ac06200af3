import type { ReviewCase, ReviewEvidence, ReviewVerdict } from '@sp/contracts';
import type { Judged } from '../diversion/f-beta-threshold';

/** The book is a fold over these. `atMs` is event time when the system opens a case, the wall clock when people act. */
export type ReviewEntry =
  | { readonly kind: 'opened'; readonly caseId: string; readonly atMs: number; readonly merchantId: string; readonly evidence: ReviewEvidence; readonly isControl: boolean }
  | { readonly kind: 'claimed' | 'released' | 'agreed' | 'disagreed' | 'withdrawn'; readonly caseId: string; readonly atMs: number; readonly by: string }
  | { readonly kind: 'judged'; readonly caseId: string; readonly atMs: number; readonly by: string; readonly verdict: ReviewVerdict; readonly note: string; readonly sanction: boolean };

export type ReviewRefusal = 'unknown-case' | 'claimed-by-another' | 'not-claimed-by-you' | 'second-must-be-another' | 'not-awaiting-second' | 'closed' | 'no-sanction-without-diversion';

/** A claim that nobody finishes is free again after this time. */
const claimMs = 30 * 60_000;

interface Held {
  reviewCase: ReviewCase;
  readonly isControl: boolean;
}

/**
 * Cases for people: claimed by one at a time, judged by who claimed them, and, where the verdict has consequences, agreed to by somebody
 * else. Controls look like any case until they are closed.
 */
export class ReviewBook {
  private readonly held = new Map<string, Held>();

  /** As they stand at that moment of the wall clock: the surest evidence first, closed ones last. */
  list(nowMs: number): ReviewCase[] {
    return [...this.held.values()].map((held) => shown(held, nowMs)).sort((a, b) => Number(a.state === 'closed') - Number(b.state === 'closed') || b.evidence.logE - a.evidence.logE || a.caseId.localeCompare(b.caseId));
  }

  find(caseId: string, nowMs: number): ReviewCase | undefined {
    const held = this.held.get(caseId);
    return held && shown(held, nowMs);
  }

  /** Merchants with a case that is not closed, or was closed by a verdict: they get no second one. */
  has(merchantId: string): boolean {
    return [...this.held.values()].some(({ reviewCase, isControl }) => reviewCase.merchantId === merchantId && !isControl && (reviewCase.state !== 'closed' || reviewCase.verdict !== undefined));
  }

  refusal(entry: ReviewEntry): ReviewRefusal | undefined {
    if (entry.kind === 'opened') return undefined;
    const known = this.find(entry.caseId, entry.atMs);
    if (!known) return 'unknown-case';
    if (known.state === 'closed') return 'closed';
    if (entry.kind === 'withdrawn') return undefined;
    if (entry.kind === 'agreed' || entry.kind === 'disagreed') {
      if (known.state !== 'awaiting-second') return 'not-awaiting-second';
      return known.verdict?.by === entry.by ? 'second-must-be-another' : undefined;
    }
    if (known.state === 'awaiting-second') return 'not-claimed-by-you';
    if (entry.kind === 'claimed') return known.claim && known.claim.by !== entry.by ? 'claimed-by-another' : undefined;
    if (known.claim?.by !== entry.by) return 'not-claimed-by-you';
    return entry.kind === 'judged' && entry.sanction && entry.verdict !== 'diversion' ? 'no-sanction-without-diversion' : undefined;
  }

  /** A refused entry changes nothing. */
  fold(entry: ReviewEntry): void {
    if (this.refusal(entry)) return;
    if (entry.kind === 'opened') {
      const { caseId, merchantId, atMs, evidence, isControl } = entry;
      if (!this.held.has(caseId)) this.held.set(caseId, { isControl, reviewCase: { caseId, merchantId, openedAtMs: atMs, evidence, state: 'open' } });
      return;
    }
    const held = this.held.get(entry.caseId);
    if (held) held.reviewCase = changed(held.reviewCase, entry);
  }

  /** Verdicts with the evidence that they were about: labels for the threshold from which a case is opened. */
  labels(): Judged[] {
    return [...this.held.values()].flatMap(({ isControl, reviewCase: { state, verdict, evidence } }) => (!isControl && state === 'closed' && verdict && verdict.verdict !== 'unclear' ? [{ score: evidence.logE, isTrue: verdict.verdict === 'diversion' }] : []));
  }
}

function changed(reviewCase: ReviewCase, entry: Exclude<ReviewEntry, { kind: 'opened' }>): ReviewCase {
  const { claim: _, verdict, ...rest } = reviewCase;
  if (entry.kind === 'withdrawn') return { ...rest, state: 'closed' };
  if (entry.kind === 'claimed') return { ...rest, state: 'claimed', claim: { by: entry.by, untilMs: entry.atMs + claimMs } };
  if (entry.kind === 'released') return { ...rest, state: 'open' };
  if (entry.kind === 'judged') return { ...rest, state: entry.sanction ? 'awaiting-second' : 'closed', verdict: { verdict: entry.verdict, by: entry.by, note: entry.note, sanction: entry.sanction } };
  // Who disagrees gives the case back to everybody.
  if (entry.kind === 'disagreed' || !verdict) return { ...rest, state: 'open' };
  return { ...rest, state: 'closed', verdict: { ...verdict, secondBy: entry.by } };
}

function shown({ reviewCase, isControl }: Held, nowMs: number): ReviewCase {
  if (reviewCase.state === 'closed') return { ...reviewCase, wasControl: isControl };
  if (reviewCase.state !== 'claimed' || (reviewCase.claim?.untilMs ?? 0) > nowMs) return reviewCase;
  const { claim: _, ...free } = reviewCase;
  return { ...free, state: 'open' };
}
