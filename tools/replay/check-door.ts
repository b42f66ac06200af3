import { acceptEvent, identityOf } from '@sp/contracts';
import type { Door, Verdict } from './door';
import { envelopeOf, type OutgoingEvent } from './produced';

/** Judges events by the contracts alone and sends nothing: for `--check`, while a mapping is being written. */
export class CheckDoor implements Door {
  readonly resentBatches = 0;
  private readonly seen = new Set<string>();

  async send(events: readonly OutgoingEvent[]): Promise<Verdict[]> {
    return events.map((event) => this.judge(event));
  }

  private judge(event: OutgoingEvent): Verdict {
    const acceptance = acceptEvent(envelopeOf(event));
    if (!acceptance.ok) return { status: 'rejected', reason: `${acceptance.reject.code} ${acceptance.reject.field}` };
    const identity = identityOf(event);
    if (this.seen.has(identity)) return { status: 'duplicate' };
    this.seen.add(identity);
    return { status: 'accepted' };
  }
}
