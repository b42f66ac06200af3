import type { FeatureReportRow } from '@sp/contracts';

export interface Order {
  readonly key: string;
  readonly title: string;
  readonly compare: (one: FeatureReportRow, other: FeatureReportRow) => number;
}

const down = (of: (row: FeatureReportRow) => number) => (one: FeatureReportRow, other: FeatureReportRow) => of(other) - of(one);

/** The rows come in the vector's order, and sorting keeps it among equals. */
export const orders: readonly [Order, ...Order[]] = [
  { key: 'vector', title: 'In the order of the vector', compare: () => 0 },
  { key: 'auc', title: 'Strongest alone first', compare: down(({ targetAuc }) => Math.abs((targetAuc ?? 0.5) - 0.5)) },
  { key: 'missing', title: 'Most missing first', compare: down(({ missingShare }) => missingShare ?? 0) },
  { key: 'closest', title: 'Most repeated first', compare: down(({ closest }) => Math.abs(closest?.r ?? 0)) },
  { key: 'name', title: 'By name', compare: (one, other) => one.name.localeCompare(other.name) },
];
