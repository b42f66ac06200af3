/** Review cases as monitor answers them. What is suspected is decided by people; money and times as elsewhere. */

export const reviewVerdicts = ['diversion', 'honest', 'unclear'] as const;
export type ReviewVerdict = (typeof reviewVerdicts)[number];

export interface ReviewEvidence {
  /** Visits with an offer that this merchant reported: redeemed or refused. */
  readonly offers: number;
  /** Conversions that were to be expected of them, and those that came. */
  readonly expected: number;
  readonly converted: number;
  /** Refusals after which the client was seen to pay in another way. */
  readonly traces: number;
  /** ln of the e-value of "a share is taken past the bank". */
  readonly logE: number;
}

export interface ReviewCase {
  readonly caseId: string;
  readonly merchantId: string;
  /** Event time. */
  readonly openedAtMs: number;
  readonly evidence: ReviewEvidence;
  /** `awaiting-second`: a sanction holds only when somebody else has agreed. */
  readonly state: 'open' | 'claimed' | 'awaiting-second' | 'closed';
  /** Wall clock, as all that people do. */
  readonly claim?: { readonly by: string; readonly untilMs: number };
  readonly verdict?: { readonly verdict: ReviewVerdict; readonly by: string; readonly note: string; readonly sanction: boolean; readonly secondBy?: string };
  /** Whether this was a control, a merchant under no suspicion; told only when the case is closed. */
  readonly wasControl?: boolean;
}
