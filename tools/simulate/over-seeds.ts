/** What several runs of the simulated bank say together: is the reported lift the true one, and what is the model arm worth? Reads their reports. */

interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

interface ArmOfReport {
  readonly arm: string;
  readonly clients: number;
  readonly trueEffect: { readonly margin?: Estimate; readonly netSpend?: Estimate };
}

export interface SeedReport {
  readonly world: { readonly kind: string; readonly seed: number; readonly troubles: string };
  readonly arms: readonly ArmOfReport[];
  readonly weeks: readonly { readonly week: number; readonly startsAt: string; readonly arms: readonly ArmOfReport[]; readonly shareOfOracle?: Readonly<Record<string, Estimate>> }[];
  readonly shareOfOracle?: Readonly<Record<string, { readonly all?: Estimate; readonly lastFourWeeks?: Estimate }>>;
  readonly calibration?: { readonly arms: readonly { readonly arm: string; readonly reportedLift?: Estimate; readonly verdict?: string; readonly trueLift?: Estimate; readonly reportedHoldsTruth?: boolean }[] };
  readonly troubles: readonly { readonly kind: string; readonly startsAt: string }[];
  readonly learning?: { readonly steps: readonly { readonly version: string }[] };
}

export interface ArmOverSeeds {
  readonly arm: string;
  readonly seeds: number;
  /** Runs whose reported interval holds the true lift. */
  readonly held: number;
  readonly meanReported: number;
  readonly meanTrue: number;
  /** Of the means' difference over runs: 0 within it says that the figure is right on the average. */
  readonly bias?: Estimate;
  readonly verdicts: Readonly<Record<string, number>>;
}

export interface SeedOutcome {
  readonly seed: number;
  readonly oracleLastFourWeeks?: Estimate;
  /** Of the incremental margin (as shares of the margin without offers), the model arm's less the other's. */
  readonly aboveRules?: Estimate;
  readonly aboveRandom?: Estimate;
  /** Share of the oracle in the weeks before, after and last, where tastes turned. */
  readonly drift?: { readonly before: number; readonly after: number; readonly last: number };
}

export function calibrationOver(reports: readonly SeedReport[]): ArmOverSeeds[] {
  const rows = reports.flatMap(({ calibration }) => calibration?.arms ?? []);
  return [...new Set(rows.map(({ arm }) => arm))].flatMap((arm) => {
    const known = rows.flatMap((row) => (row.arm === arm && row.reportedLift && row.trueLift ? [{ ...row, reported: row.reportedLift.value, truth: row.trueLift.value }] : []));
    if (known.length === 0) return [];
    const verdicts: Record<string, number> = {};
    for (const { verdict = 'none' } of known) verdicts[verdict] = (verdicts[verdict] ?? 0) + 1;
    const bias = meanOf(known.map(({ reported, truth }) => reported - truth));
    return [{ arm, seeds: known.length, held: known.filter(({ reportedHoldsTruth }) => reportedHoldsTruth).length, meanReported: mean(known.map(({ reported }) => reported)), meanTrue: mean(known.map(({ truth }) => truth)), verdicts, ...(bias && { bias }) }];
  });
}

export function outcomeOf({ world, arms, weeks, shareOfOracle, troubles }: SeedReport): SeedOutcome {
  const marginOf = (name: string): Estimate | undefined => arms.find(({ arm }) => arm === name)?.trueEffect.margin;
  const [aboveRules, aboveRandom] = ['rules', 'random'].map((other) => difference(marginOf('model'), marginOf(other)));
  const shift = troubles.find(({ kind }) => kind === 'taste-shift');
  const shares = weeks.map((week) => week.shareOfOracle?.['model']?.value);
  const place = shift ? weekOf(shift.startsAt, weeks) : -1;
  const [before, after, last] = [shares[place], shares[place + 1], shares.at(-1)];
  const oracleLastFourWeeks = shareOfOracle?.['model']?.lastFourWeeks;
  return {
    seed: world.seed,
    ...(oracleLastFourWeeks && { oracleLastFourWeeks }), ...(aboveRules && { aboveRules }), ...(aboveRandom && { aboveRandom }),
    ...(place >= 0 && before !== undefined && after !== undefined && last !== undefined && { drift: { before, after, last } }),
  };
}

function weekOf(startsAt: string, weeks: readonly { readonly startsAt: string }[]): number {
  const atMs = Date.parse(startsAt);
  return weeks.reduce((found, week, place) => (Date.parse(week.startsAt) <= atMs ? place : found), -1);
}

/** The arms' clients are others, so their errors add up. */
function difference(a: Estimate | undefined, b: Estimate | undefined): Estimate | undefined {
  if (!a || !b) return undefined;
  const value = a.value - b.value;
  const half = Math.hypot((a.high - a.low) / 2, (b.high - b.low) / 2);
  return { value, low: value - half, high: value + half };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function meanOf(values: readonly number[]): Estimate | undefined {
  if (values.length < 2) return undefined;
  const value = mean(values);
  const error = Math.sqrt(values.reduce((sum, one) => sum + (one - value) ** 2, 0) / (values.length - 1) / values.length);
  return { value, low: value - 1.96 * error, high: value + 1.96 * error };
}

/** For the screen. */
export function overSeedsText(reports: readonly SeedReport[]): string {
  const calibration = calibrationOver(reports).map(({ arm, seeds, held, meanReported, meanTrue, bias, verdicts }) => (
    `${arm}: reported ${percent(meanReported)} on the average, true ${percent(meanTrue)}${bias ? `, difference ${interval(bias)}` : ''}; the interval held the true lift in ${held} of ${seeds} runs; verdicts: ${Object.entries(verdicts).map(([verdict, count]) => `${verdict} ${count}`).join(', ')}`
  ));
  const outcomes = reports.map(outcomeOf).map(({ seed, oracleLastFourWeeks, aboveRules, aboveRandom, drift }) => (
    `seed ${seed}: the model arm's offers were worth ${interval(oracleLastFourWeeks)} of the oracle's in the last four weeks; its incremental margin less the rules' ${interval(aboveRules)}, less random's ${interval(aboveRandom)}`
    + (drift ? `; the week tastes turned ${percent(drift.before)}, the week after ${percent(drift.after)}, the last week ${percent(drift.last)}` : '')
  ));
  return ['', `Simulated data, ${reports.length} runs of the world "${reports[0]?.world.kind}":`, ...calibration, ...outcomes].join('\n');
}

const percent = (share: number): string => `${(share * 100).toFixed(2)} %`;

function interval(estimate: Estimate | undefined): string {
  return estimate ? `${percent(estimate.value)} [${percent(estimate.low)}, ${percent(estimate.high)}]` : 'unknown';
}
