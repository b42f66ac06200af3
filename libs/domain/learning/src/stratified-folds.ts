import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/**
 * Gives each row a fold 0..folds-1 such that every fold has the same share of each class, within one row. The same labels,
 * folds and seed give the same assignment.
 */
export function assignStratifiedFolds(labels: Float32Array, folds: number, seed: number): Uint16Array {
  if (!Number.isInteger(folds) || folds < 1) throw new RangeError(`${folds} is not a number of folds`);
  const random = xoroshiro128plus(seed);
  const assigned = new Uint16Array(labels.length);
  let next = 0;
  for (const label of new Set([...labels].sort())) {
    const members = Uint32Array.from(labels.keys()).filter((row) => labels[row] === label);
    shuffle(members, (below) => uniformInt(random, 0, below - 1));
    // Dealing goes on where the last class ended, so the folds' sizes also differ by one row at most.
    for (const row of members) assigned[row] = next++ % folds;
  }
  return assigned;
}

/** Rows inside and outside one fold. */
export function rowsOfFold(assigned: Uint16Array, fold: number): { readonly inside: Uint32Array; readonly outside: Uint32Array } {
  const all = Uint32Array.from(assigned.keys());
  return { inside: all.filter((row) => assigned[row] === fold), outside: all.filter((row) => assigned[row] !== fold) };
}

function shuffle(values: Uint32Array, below: (end: number) => number): void {
  for (let end = values.length; end > 1; end -= 1) {
    const chosen = below(end);
    const last = values[end - 1] ?? 0;
    values[end - 1] = values[chosen] ?? 0;
    values[chosen] = last;
  }
}
