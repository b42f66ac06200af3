export interface TimeSplit {
  readonly train: Uint32Array;
  readonly test: Uint32Array;
  /** First instant that belongs to the test part. */
  readonly testFromMs: number;
}

/**
 * Puts the latest `testShare` of the rows into the test part, in order of time. Rows of one instant stay together (in the
 * test part), because one decision moment can yield several rows; so the test part may be larger than asked for.
 */
export function splitByTime(rows: { readonly timesMs: Float64Array }, testShare: number): TimeSplit {
  if (!(testShare > 0 && testShare < 1)) throw new RangeError(`a test share of ${testShare} is not between 0 and 1`);
  const order = Uint32Array.from(rows.timesMs.keys()).sort((a, b) => timeOf(rows, a) - timeOf(rows, b) || a - b);
  const asked = Math.min(order.length - 1, Math.round(order.length * (1 - testShare)));
  const testFromMs = order.length === 0 ? NaN : timeOf(rows, order[asked] ?? 0);
  let cut = asked;
  while (cut > 0 && timeOf(rows, order[cut - 1] ?? 0) === testFromMs) cut -= 1;
  return { train: order.slice(0, Math.max(0, cut)), test: order.slice(Math.max(0, cut)), testFromMs };
}

function timeOf(rows: { readonly timesMs: Float64Array }, row: number): number {
  return rows.timesMs[row] ?? NaN;
}
