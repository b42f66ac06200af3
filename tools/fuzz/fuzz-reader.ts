import { checkInput } from './check-input';
import { mutatedEvent } from './mutated-event';

export interface FuzzResult {
  readonly inputs: number;
  /** Inputs by what became of them. */
  readonly counts: ReadonlyMap<string, number>;
  readonly slowestUs: number;
  /** What went wrong, each with the number of its input. */
  readonly problems: readonly string[];
}

/** So many mutated events through the reader, from a number on. */
export function fuzzReader({ seed, from, inputs }: { readonly seed: number; readonly from: number; readonly inputs: number }): FuzzResult {
  const counts = new Map<string, number>();
  const problems: string[] = [];
  let slowestUs = 0;
  for (let number = from; number < from + inputs; number++) {
    const { outcome, cpuUs, problem } = checkInput(mutatedEvent(seed, number));
    counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
    slowestUs = Math.max(slowestUs, cpuUs);
    if (problem !== undefined) problems.push(`input ${number} ${problem}`);
  }
  return { inputs, counts, slowestUs, problems };
}
