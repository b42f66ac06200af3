import { rejected, type Produced } from './produced';

/** Lets nothing go back in event time: the line's clock never does, and an event of the past would change what was decided. */
export async function* inEventTime(produced: AsyncIterable<Produced>): AsyncGenerator<Produced> {
  let reachedMs = -Infinity;
  for await (const one of produced) {
    if (one.kind === 'event' && one.event.timeMs < reachedMs) {
      const origin = one.origin ?? { file: 'mapping', line: 0 };
      yield rejected('goes back in time', { origin, lines: one.lines });
      continue;
    }
    if (one.kind === 'event') reachedMs = one.event.timeMs;
    yield one;
  }
}
