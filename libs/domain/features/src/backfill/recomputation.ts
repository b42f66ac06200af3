import { contactLimits } from '@sp/contracts';
import type { LineEventOf } from '@sp/contracts';
import { emptyClient, type ClientState } from '../client-state';
import { vectorOf } from '../feature-definitions';
import { foldClient, type ClientEvent } from '../fold-client';
import type { HeldReversals } from '../held-reversals';
import { CampaignTable } from '../reference/campaign-table';
import { MerchantTable } from '../reference/merchant-table';
import type { FoldInput } from './fold-input';

/** When a client's vector is wanted: right after an event, when a tick woke him, or as it stood at a time. */
export interface Instant {
  readonly key: string;
  readonly clientId: string;
  readonly at: { readonly kind: 'event'; readonly id: string; readonly timeMs: number } | { readonly kind: 'tick'; readonly timeMs: number } | { readonly kind: 'time'; readonly timeMs: number };
}

export interface Recomputed {
  readonly key: string;
  /** The moment for which the vector was read. */
  readonly timeMs: number;
  readonly vector: readonly number[];
}

/**
 * Which vector did this client have then? Takes one partition's stored inputs in the order of its log and folds them by the same
 * definitions as the line does, so that late events, reversals and repeated ones end alike. Campaigns are left out: they decide when
 * something is due, never what a feature is.
 */
export class Recomputation {
  private readonly reference = { merchants: new MerchantTable(), campaigns: new CampaignTable(), limits: contactLimits };
  private readonly clients = new Map<string, ClientState>();
  private readonly held = new Map<string, HeldReversals>();
  private readonly byEvent = new Map<string, Instant[]>();
  private readonly byTick = new Map<number, Instant[]>();
  private readonly byTime = new Map<string, Instant[]>();

  constructor(instants: readonly Instant[]) {
    for (const instant of instants) {
      if (instant.at.kind === 'event') add(this.byEvent, eventKey(instant.clientId, instant.at), instant);
      else if (instant.at.kind === 'tick') add(this.byTick, instant.at.timeMs, instant);
      else add(this.byTime, instant.clientId, instant);
    }
  }

  /** The vectors that this input makes known. */
  apply(input: FoldInput): Recomputed[] {
    if (input.type === 'clock.ticked') return this.answer(this.byTick, input.timeMs);
    if (input.type === 'merchant.registered') {
      this.reference.merchants.apply(input);
      return [];
    }
    const passed = this.passedBy(input);
    this.fold(input);
    return [...passed, ...this.afterEvent(input)];
  }

  /** After the last input: what is wanted as of a time that no later event of the client has passed. */
  finish(): Recomputed[] {
    return [...this.byTime.values()].flat().flatMap((instant) => this.read(instant, instant.at.timeMs));
  }

  private fold(input: ClientEvent): void {
    const { state, held } = foldClient(this.clients.get(input.subject), input, this.reference, this.held.get(input.subject));
    if (held) this.held.set(input.subject, held);
    if (state) this.clients.set(input.subject, state);
    else this.clients.delete(input.subject);
  }

  private afterEvent(input: ClientEvent): Recomputed[] {
    const key = eventKey(input.subject, input);
    const asked = this.byEvent.get(key) ?? [];
    this.byEvent.delete(key);
    if (input.type === 'client.erasure.requested') return [];
    return asked.flatMap((instant) => this.read(instant, input.timeMs, emptyClient(input.timeMs)));
  }

  private passedBy({ subject, timeMs }: ClientEvent): Recomputed[] {
    const asked = this.byTime.get(subject);
    if (!asked) return [];
    const passed = asked.filter(({ at }) => at.timeMs < timeMs);
    this.byTime.set(subject, asked.filter(({ at }) => at.timeMs >= timeMs));
    return passed.flatMap((instant) => this.read(instant, instant.at.timeMs));
  }

  private answer<Key>(waiting: Map<Key, Instant[]>, key: Key): Recomputed[] {
    const asked = waiting.get(key) ?? [];
    waiting.delete(key);
    return asked.flatMap((instant) => this.read(instant, instant.at.timeMs));
  }

  /** The client's own time never runs back: after a late event, or at a tick behind him, he is described as of his latest event. */
  private read({ key, clientId }: Instant, atMs: number, unknown?: ClientState): Recomputed[] {
    const state = this.clients.get(clientId) ?? unknown;
    if (!state) return [];
    const timeMs = Math.max(atMs, state.lastEventMs);
    return [{ key, timeMs, vector: vectorOf(state, timeMs) }];
  }
}

/** Two sources may use one id for different events of a client; not for two of the same time. */
function eventKey(clientId: string, { id, timeMs }: { readonly id: string; readonly timeMs: number } | LineEventOf<ClientEvent['type']>): string {
  return `${clientId} ${id} ${timeMs}`;
}

function add<Key>(waiting: Map<Key, Instant[]>, key: Key, instant: Instant): void {
  const asked = waiting.get(key);
  if (asked) asked.push(instant);
  else waiting.set(key, [instant]);
}
