import { acceptEvent } from '@sp/contracts';
import { Account } from '../account';
import { inEventTime } from '../event-order';
import type { Mapping } from '../mapping';
import { envelopeOf, type OutgoingEvent, type Rejected } from '../produced';

export interface ProducedByMapping {
  readonly events: OutgoingEvent[];
  readonly rejects: Rejected[];
  readonly linesRead: number;
  /** Of events, rejects, headers and blank lines. */
  readonly linesTold: number;
  /** What the contracts say against events; none, for a sound mapping. */
  readonly contractFaults: string[];
}

/** Everything that a mapping makes of a path, in memory. */
export async function producedBy(mapping: Mapping, path: string, lineLimit = Infinity): Promise<ProducedByMapping> {
  const tally = new Account();
  const [events, rejects]: [OutgoingEvent[], Rejected[]] = [[], []];
  let linesTold = 0;
  for await (const one of inEventTime(mapping.produce({ path, tally, lineLimit }))) {
    linesTold += one.lines;
    if (one.kind === 'event') events.push(one.event);
    if (one.kind === 'rejected') rejects.push(one);
  }
  const judged = events.map((event) => acceptEvent(envelopeOf(event)));
  const contractFaults = judged.flatMap((acceptance) => (acceptance.ok ? [] : [`${acceptance.id}: ${acceptance.reject.field} ${acceptance.reject.message}`]));
  return { events, rejects, linesRead: tally.linesRead, linesTold, contractFaults };
}
