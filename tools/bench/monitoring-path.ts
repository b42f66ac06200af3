import { RateDetector } from '@sp/monitoring';
import { rowOf, type Round, type Row } from './result';

/** Updates a second that one core is to carry: a thousand streams by the second with room for fifty times as many. */
const aimed = 50_000;
const streams = 2_000;
const rounds = 3;
const learnedBuckets = 40;
const measuredBuckets = 60;

/** Detectors in turn, as a monitor meets them: each update finds another one's state in the cache. Processor time, so that what else the machine does counts little. */
export function monitoringRows(): Row[] {
  return [rowOf({ path: 'monitoring', setting: `${streams} streams, one core`, unit: 'events/s', aim: { atLeast: 1 }, note: 'raw is the aim, 50,000 updates a second' }, Array.from({ length: rounds }, measured))];
}

function measured(): Round {
  const detectors = Array.from({ length: streams }, () => new RateDetector());
  const startMs = Date.UTC(2026, 0, 5);
  const feed = (from: number, to: number): void => {
    for (let bucket = from; bucket < to; bucket++) for (const [place, detector] of detectors.entries()) detector.observe({ timeMs: startMs + bucket * 60_000, count: 180 + ((bucket * 37 + place * 11) % 41) });
  };
  // Two days are learned by a jump over most of them: the shape of the day is known from the first buckets on.
  feed(0, learnedBuckets);
  feed(2 * 1_440, 2 * 1_440 + learnedBuckets);
  const before = process.cpuUsage();
  feed(3 * 1_440, 3 * 1_440 + measuredBuckets);
  const { user, system } = process.cpuUsage(before);
  return { raw: aimed, ours: (streams * measuredBuckets) / ((user + system) / 1e6) };
}
