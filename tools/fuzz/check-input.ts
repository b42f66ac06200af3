import { acceptEvent, deadLetterOf, rejectMeanings, type Acceptance, type BankEvent } from '@sp/contracts';
import { plantedCards } from './odd-values';

/** More CPU than this for one input is a stall. It is measured again before it is said: a machine has other things to do. */
export const stallMs = 50;

export interface Checked {
  /** `accepted`, or the code of the refusal. */
  readonly outcome: string;
  readonly cpuUs: number;
  readonly problem?: string;
}

/** One input through the reader: it must not throw, must not stall, must say why it refuses, and must let no card number out. */
export function checkInput(value: unknown): Checked {
  try {
    const { acceptance, cpuUs } = measured(value);
    const problem = cpuUs > stallMs * 1_000 ? `took ${(cpuUs / 1_000).toFixed(1)} ms of CPU` : acceptance.ok ? problemOfEvent(acceptance.event) : problemOfRefusal(value, acceptance);
    return { outcome: acceptance.ok ? 'accepted' : acceptance.reject.code, cpuUs, ...(problem === undefined ? {} : { problem }) };
  } catch (error) {
    return { outcome: 'threw', cpuUs: 0, problem: `threw ${error instanceof Error ? error.stack : String(error)}` };
  }
}

function measured(value: unknown): { acceptance: Acceptance; cpuUs: number } {
  let best = timed(value);
  for (let again = 0; again < 3 && best.cpuUs > stallMs * 1_000; again++) {
    const next = timed(value);
    if (next.cpuUs < best.cpuUs) best = next;
  }
  return best;
}

function timed(value: unknown): { acceptance: Acceptance; cpuUs: number } {
  const before = process.cpuUsage();
  const acceptance = acceptEvent(value);
  const { user, system } = process.cpuUsage(before);
  return { acceptance, cpuUs: user + system };
}

function problemOfRefusal(value: unknown, { id, reject }: Extract<Acceptance, { ok: false }>): string | undefined {
  if (!Object.hasOwn(rejectMeanings, reject.code)) return `was refused by a code that is none: ${reject.code}`;
  if (reject.message === '') return 'was refused without a reason';
  if (reject.field === '' && isObject(value) && !/has more than \d+ fields/.test(reject.message)) return `was refused without a field, and not as a whole: ${reject.message}`;
  if (reject.field.length > 1_024 || reject.message.length > 1_024) return 'was refused in too many words';
  const said = JSON.stringify({ id: isPlainId(id) ? '' : id, reject });
  const letter = JSON.stringify(deadLetterOf({ original: { value }, reject, origin: { door: 'http', request: 'fuzz' }, item: 0, timeMs: 0 }));
  const planted = plantedCards.find((card) => said.includes(card) || letter.includes(card));
  return planted === undefined ? undefined : `let a card number out: ${planted}`;
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Digits alone may be an event's id, and are told to its sender as such. */
function isPlainId(id: string): boolean {
  return /[0-9]{13,}/.test(id);
}

const technical = new Set(['transactionId', 'offerId', 'sessionId', 'campaignId', 'merchantId', 'groupId']);

function problemOfEvent(event: BankEvent): string | undefined {
  const { type, subject, source, timeMs, data } = event;
  if (!Number.isFinite(timeMs)) return 'was accepted without a time';
  const isOwnSubject = type === 'merchant.registered' || type === 'campaign.published';
  const told = JSON.stringify({ source, subject: isOwnSubject ? '' : subject, data }, (key, inner: unknown) => (technical.has(key) || typeof inner === 'number' ? undefined : inner));
  const planted = plantedCards.find((card) => told.includes(card));
  if (planted !== undefined) return `was accepted with a card number: ${planted}`;
  const again = acceptEvent({ specversion: '1.0', id: event.id, source, type, subject, time: new Date(timeMs).toISOString(), data: JSON.parse(JSON.stringify(data ?? {})) as unknown });
  return again.ok ? undefined : `was accepted, but not when it is sent again as it was read: ${again.reject.field} ${again.reject.message}`;
}
