import type { Envelope } from '@sp/contracts';
import { acceptEvent } from '@sp/contracts';
import { describe, expect, it } from 'vitest';
import { dayMs, hourMs } from './calendar';
import type { ReceivedOffer } from './received-offer';
import type { Trouble, TroubleKind, TroubleLevel } from './troubles';
import { World } from './world';

const startMs = Date.UTC(2026, 0, 5);
const options = { seed: 5, clients: 300, merchants: 60, campaigns: 30, startMs, world: 'smooth' } as const;
const days = 20;

interface Lived {
  readonly world: World;
  /** Each event with the hour in which it was delivered. */
  readonly events: readonly { readonly hour: number; readonly event: Envelope }[];
}

function lived(troubles: TroubleLevel, offersAt: (hour: number, world: World) => ReceivedOffer[] = () => []): Lived {
  const world = World.start({ ...options, troubles });
  const events = Array.from({ length: days * 24 }, (_, hour) => world.advanceHour(offersAt(hour, world)).map((event) => ({ hour, event }))).flat();
  return { world, events };
}

const quiet = lived('none');
const troubled = lived('all');
const found = (kind: TroubleKind): Trouble => troubled.world.troubles.find((trouble) => trouble.kind === kind)!;

/** Events delivered in the window of a trouble, in a world with and without it. */
function inWindow({ events }: Lived, { startMs: fromMs, endMs }: Trouble, only: (event: Envelope) => boolean = () => true): Envelope[] {
  return events.filter(({ hour, event }) => startMs + hour * hourMs >= fromMs && startMs + hour * hourMs < endMs && only(event)).map(({ event }) => event);
}

const isTransaction = ({ type }: Envelope): boolean => type === 'transaction.authorised';

describe('planted troubles', () => {
  it('are none, mild ones or all of them, alike for a seed, with a start, an end and a size', () => {
    expect(quiet.world.troubles).toEqual([]);
    expect(lived('demo').world.troubles.map(({ kind }) => kind)).not.toContain('taste-shift');
    expect(lived('drift').world.troubles).toEqual([]);
    expect(troubled.world.troubles.map(({ kind }) => kind).sort()).toEqual(['biased-arm', 'dirty-fields', 'double-delivery', 'half-volume', 'late-and-reordered', 'payment-diversion', 'stream-outage', 'taste-shift', 'terminal-down', 'wrong-term']);
    expect(World.start({ ...options, troubles: 'all' }).options).toEqual({ ...options, troubles: 'all' });
    for (const { startMs: fromMs, endMs, size } of troubled.world.troubles) expect(fromMs >= startMs + 5 * dayMs && endMs >= fromMs && size > 0).toBe(true);
  });

  it('take half of the transactions away', () => {
    const trouble = found('half-volume');
    const [with_, without] = [troubled, quiet].map((run) => inWindow(run, trouble, isTransaction).length) as [number, number];
    expect(with_ / without).toBeGreaterThan(0.3);
    expect(with_ / without).toBeLessThan(0.7);
  });

  it('hold a whole stream back until the outage ends, and lose nothing', () => {
    const trouble = found('stream-outage');
    expect(inWindow(troubled, trouble, isTransaction)).toEqual([]);
    expect(inWindow(troubled, { ...trouble, startMs: trouble.endMs, endMs: trouble.endMs + hourMs }, isTransaction).length).toBeGreaterThan(inWindow(quiet, trouble, isTransaction).length / 2);
  });

  it('shut a terminal: nobody buys there, and they buy elsewhere', () => {
    const trouble = found('terminal-down');
    const there = (event: Envelope): boolean => isTransaction(event) && (event.data as { merchantId?: string }).merchantId === trouble.what && Date.parse(event.time) >= trouble.startMs && Date.parse(event.time) < trouble.endMs;
    expect(troubled.events.filter(({ event }) => there(event))).toEqual([]);
    expect(quiet.events.filter(({ event }) => there(event)).length).toBeGreaterThan(0);
  });

  it('deliver twice, late and in another order, and with dirty fields', () => {
    const twice = inWindow(troubled, { ...found('double-delivery'), endMs: found('double-delivery').endMs + hourMs });
    expect(twice.length - new Set(twice.map(({ id }) => id)).size).toBeGreaterThan(0.2 * twice.length);
    const backwards = (run: Lived): number => {
      const times = inWindow(run, { ...found('late-and-reordered'), endMs: found('late-and-reordered').endMs + 5 * hourMs }).map(({ time }) => Date.parse(time));
      return times.filter((time, place) => place > 0 && time < times[place - 1]!).length;
    };
    expect(backwards(troubled)).toBeGreaterThan(10 * backwards(quiet) + 10);
    const refused = (run: Lived): number => inWindow(run, found('dirty-fields')).filter((event) => !acceptEvent(event).ok).length;
    expect(refused(troubled)).toBeGreaterThan(refused(quiet) + 3);
  });

  it('publish a campaign with a wrong term, and set it right at the end', () => {
    const { what, startMs: fromMs, endMs } = found('wrong-term');
    const published = troubled.events.filter(({ event }) => event.type === 'campaign.published' && (event.data as { merchantId: string }).merchantId === what).map(({ event }) => event);
    expect(published.map(({ time }) => Date.parse(time)).slice(1)).toEqual([fromMs, endMs]);
    expect(published.map(({ data }) => (data as { terms: { discountPercent: number }[] }).terms.every(({ discountPercent }) => discountPercent === 90))).toEqual([false, true, false]);
  });

  it('turn tastes on one day, for everybody’s future alike with and without offers', () => {
    const { startMs: turnedMs } = found('taste-shift');
    const byCategory = (run: Lived, fromMs: number): Record<string, number> => {
      const counts: Record<string, number> = {};
      for (const { event } of run.events) if (isTransaction(event) && Date.parse(event.time) >= fromMs) counts[`${event.subject} ${(event.data as { mcc?: number }).mcc}`] = (counts[`${event.subject} ${(event.data as { mcc?: number }).mcc}`] ?? 0) + 1;
      return counts;
    };
    expect(byCategory(troubled, turnedMs + dayMs)).not.toEqual(byCategory(quiet, turnedMs + dayMs));
  });

  it('let a merchant take the money past the bank, which the bank hears as a refusal', () => {
    const trouble = found('payment-diversion');
    const hours = [1, 2, 3].map((day) => Math.floor((trouble.startMs - startMs) / hourMs) + day * 48);
    const offersAt = (hour: number): ReceivedOffer[] => (hours.includes(hour) ? Array.from({ length: 300 }, (_, client) => ({
      offerId: `o-${client}-${hour}`, clientId: `c${String(client + 1).padStart(5, '0')}`, merchantId: trouble.what, campaignId: 'k', arm: 'model',
      terms: { discountPercent: 30, validityDays: 2, minimumCheckMinor: 0 }, issuedMs: startMs + hour * hourMs, validUntil: new Date(startMs + (hour + 48) * hourMs).toISOString(),
    })) : []);
    const run = lived('all', offersAt);
    const { diverted, redeemed, confirmed } = run.world.truth.arms['model']!;
    expect(diverted).toBeGreaterThan(redeemed);
    expect(confirmed).toBeGreaterThan(0);
    const refused = run.events.filter(({ event }) => event.type === 'offer.responded' && (event.data as { response: string }).response === 'refused-by-merchant');
    expect(new Set(refused.map(({ event }) => event.id)).size).toBeGreaterThanOrEqual(diverted * 0.9);
    expect(run.world.truth.divertedWithTraces).toBeGreaterThan(0);
    expect(run.world.truth.divertedWithTraces).toBeLessThan(diverted);
  });
});

describe('a city that changes', () => {
  it('has new merchants with their campaigns, clients who leave, erasures and changed consents, all of them accepted by the contracts', () => {
    const world = World.start({ ...options, troubles: 'none', clients: 800 });
    const events = Array.from({ length: 40 * 24 }, () => world.advanceHour()).flat().filter(({ id }) => !id.endsWith('-broken'));
    const late = events.filter(({ time }) => Date.parse(time) > startMs + dayMs);
    const count = (type: string): number => late.filter((event) => event.type === type).length;
    for (const type of ['merchant.registered', 'campaign.published', 'client.registered', 'client.erasure.requested', 'client.consent.changed']) expect(count(type), type).toBeGreaterThan(0);
    expect(world.truth.left).toBeGreaterThan(world.truth.erasures);
    expect(late.every((event) => acceptEvent(event).ok)).toBe(true);
    const erased = events.find(({ type }) => type === 'client.erasure.requested')!;
    expect(events.filter(({ subject, time }) => subject === erased.subject && time > erased.time)).toEqual([]);
  });
});
