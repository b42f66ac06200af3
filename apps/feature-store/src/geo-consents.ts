import type { FoldInput } from '@sp/features';

export interface GeoConsent {
  readonly geo: boolean;
  /** Of the statement; an older one that comes later changes nothing. */
  readonly atMs: number;
}

const maximumHeard = 100_000;

/**
 * May this client's places be kept? Known from what the sink itself has read, in the log's order, and for clients of whom it has heard
 * nothing in this run from the fold's committed state, which has long had their statement. Unknown is no.
 */
export class GeoConsents {
  readonly #heard = new Map<string, GeoConsent>();

  constructor(private readonly stored: (clientId: string) => GeoConsent | undefined) {}

  hear(event: FoldInput): void {
    if (event.type === 'client.erasure.requested') this.#keep(event.subject, { geo: false, atMs: 0 });
    if (event.type !== 'client.registered' && event.type !== 'client.consent.changed') return;
    if (event.timeMs >= this.#known(event.subject).atMs) this.#keep(event.subject, { geo: event.data.consents.geo, atMs: event.timeMs });
  }

  isGiven(clientId: string): boolean {
    return this.#known(clientId).geo;
  }

  #known(clientId: string): GeoConsent {
    const heard = this.#heard.get(clientId);
    if (heard) return heard;
    const known = this.stored(clientId) ?? { geo: false, atMs: 0 };
    this.#keep(clientId, known);
    return known;
  }

  #keep(clientId: string, consent: GeoConsent): void {
    this.#heard.delete(clientId);
    this.#heard.set(clientId, consent);
    for (const oldest of this.#heard.keys()) {
      if (this.#heard.size <= maximumHeard) return;
      this.#heard.delete(oldest);
    }
  }
}
