import { acceptEvent, eventsAnswerSchema, goldenSamples, maximumItemBytes, messageSchema, ownSource, type EventVerdict } from '@sp/contracts';
import { normalise } from '@sp/cleaning';
import { Draws } from './draws';
import type { FuzzResult } from './fuzz-reader';
import { jsonOf, mutatedEvent } from './mutated-event';
import { plantedCards } from './odd-values';

/** Longer than any answer takes on a busy machine. */
const answerTimeoutMs = 30_000;
/** What the door may say of an event that its reader takes. */
const lineOutcomes = new Set(['accepted', 'duplicate', 'conflict', 'too-old', 'too-far-ahead']);

/** Mutated events over HTTP, in batches, lines and torn bodies: each must get an answer, and the one that the reader gives. */
export async function fuzzDoor(url: string, { seed, from, inputs }: { readonly seed: number; readonly from: number; readonly inputs: number }): Promise<FuzzResult> {
  const counts = new Map<string, number>();
  const problems: string[] = [];
  const count = (outcome: string): void => void counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  const draws = new Draws(seed);
  for (let number = from; number < from + inputs; ) {
    const size = Math.min(1 + draws.below(40), from + inputs - number);
    const texts = Array.from({ length: size }, (_, index) => jsonOf(mutatedEvent(seed, number + index)));
    const problem = await post(url, texts, draws, count).catch((error: unknown) => `no answer: ${String(error)}`);
    if (problem !== undefined) problems.push(`inputs ${number} to ${number + size - 1}: ${problem}`);
    number += size;
  }
  problems.push(...(await isStillWell(url)));
  return { inputs, counts, slowestUs: 0, problems };
}

async function post(url: string, texts: readonly string[], draws: Draws, count: (outcome: string) => void): Promise<string | undefined> {
  const kind = draws.below(10);
  if (kind === 0) return postTorn(url, texts.join(','), draws, count);
  const asLines = kind < 4;
  const { status, text } = await send(url, asLines ? texts.join('\n') : `[${texts.join(',')}]`, asLines ? 'application/x-ndjson' : 'application/cloudevents-batch+json');
  if (status !== 202 && status !== 207) return `answered ${status}: ${text.slice(0, 200)}`;
  const { items } = eventsAnswerSchema.parse(JSON.parse(text));
  if (items.length !== texts.length) return `answered for ${items.length} of ${texts.length}`;
  for (const item of items) count(item.status === 'rejected' ? item.reason : item.status);
  const wrong = items.map((item, index) => disagreement(item, texts[index]!)).find((sentence) => sentence !== undefined);
  return wrong ?? leak(text, items);
}

/** The door says of each event what the reader says, but for what it looks at before. */
function disagreement(item: EventVerdict, text: string): string | undefined {
  const said = item.status === 'rejected' ? item.reason : item.status;
  const value: unknown = JSON.parse(text);
  if (said === 'too-large') return Buffer.byteLength(JSON.stringify(value)) > maximumItemBytes ? undefined : 'called too large what is not';
  if (said === 'reserved-source') return (value as { source: string }).source === ownSource ? undefined : 'called a source reserved that is not';
  if (item.status === 'rejected' && item.message === '') return `refused without a reason: ${text.slice(0, 200)}`;
  const expected = acceptEvent(normalise(value, {}).value);
  // What is too deep to be measured is refused before the reader could name the field.
  const isTooDeep = (message: string): boolean => /nested/.test(message);
  const agrees = expected.ok ? lineOutcomes.has(said) : said === expected.reject.code || (item.status === 'rejected' && isTooDeep(item.message) && isTooDeep(expected.reject.message));
  return agrees ? undefined : `said ${said} where the reader says ${expected.ok ? 'accepted' : expected.reject.code}: ${text.slice(0, 200)}`;
}

/** Ids of digits alone are ids; everything else that the door says must be without planted numbers. */
function leak(text: string, items: readonly EventVerdict[]): string | undefined {
  const ids = items.map(({ id }) => id).filter((id) => /\d{13,}/.test(id));
  const rest = ids.reduce((left, id) => left.replaceAll(JSON.stringify(id), '""'), text);
  const planted = plantedCards.find((card) => rest.includes(card));
  return planted === undefined ? undefined : `answered with a card number: ${planted}`;
}

/** Half a body: refused as a whole, and nobody else's answer is lost by it. */
async function postTorn(url: string, body: string, draws: Draws, count: (outcome: string) => void): Promise<string | undefined> {
  const torn = draws.oneOf([body.slice(0, draws.below(body.length) + 1), `[${body}`, '[', '"', 'null', '\u0000', '[[[[', '{"a":'.repeat(60_000), '']);
  const { status, text } = await send(url, torn, 'application/cloudevents-batch+json');
  count(`body ${status}`);
  if (status === 202 || status === 207) return undefined;
  return status === 400 && messageSchema.safeParse(JSON.parse(text)).success ? undefined : `answered a torn body with ${status}: ${text.slice(0, 200)}`;
}

async function send(url: string, body: string, type: string): Promise<{ status: number; text: string }> {
  const response = await fetch(new URL('/v1/events', url), { method: 'POST', headers: { 'content-type': type }, body, signal: AbortSignal.timeout(answerTimeoutMs) });
  return { status: response.status, text: await response.text() };
}

async function isStillWell(url: string): Promise<string[]> {
  const { status, text } = await send(url, JSON.stringify({ ...goldenSamples['client.acted'], id: 'still-well' }), 'application/cloudevents+json');
  return status === 202 || text.includes('too-old') || text.includes('duplicate') ? [] : [`afterwards the door answers a good event with ${status}: ${text.slice(0, 200)}`];
}
