import type { ExperimentDetail, ExperimentLogEntry, ExperimentMetricName, NextStep } from '@sp/contracts';
import { formatMoney } from './money';
import { formatPercent } from './numbers';

interface MetricWords {
  readonly name: string;
  readonly what: string;
  readonly kind: 'money' | 'count' | 'share';
}

export const metricWords: Readonly<Record<ExperimentMetricName, MetricWords>> = {
  'spend': { name: 'Spend', what: 'a client, less discounts', kind: 'money' },
  'spend-capped': { name: 'Spend, capped', what: 'the largest 1 % count as the cap', kind: 'money' },
  'frequency': { name: 'Frequency', what: 'purchases a client', kind: 'count' },
  'average-check': { name: 'Average check', what: 'spend a purchase', kind: 'money' },
  'margin': { name: 'Margin', what: 'earned a client, less discounts', kind: 'money' },
  'active-weeks': { name: 'Active weeks', what: 'with the card; proxy of share of wallet', kind: 'count' },
  'opt-outs': { name: 'Opt-outs', what: 'guardrail: consent withdrawn', kind: 'share' },
};

export const stepWords: Readonly<Record<NextStep, { readonly words: string; readonly tone: 'good' | 'bad' | 'warn' | 'quiet' }>> = {
  'mend-split': { words: 'Find out why clients are not split as asked; compare nothing until then.', tone: 'warn' },
  'wait': { words: 'Wait: nothing can be told yet, and the horizon has not come.', tone: 'quiet' },
  'decide-higher': { words: 'The model earns more than no offers: decide to give it more clients.', tone: 'good' },
  'decide-lower': { words: 'The model earns less than no offers: decide to stop it.', tone: 'bad' },
  'horizon-reached': { words: 'The planned time is over without a difference: decide, or plan a longer one.', tone: 'warn' },
};

export const logWords: Readonly<Record<ExperimentLogEntry['decision'], string>> = { continue: 'Go on', ship: 'Give the model more clients', stop: 'Stop it', note: 'Note' };

const counts = new Intl.NumberFormat('en', { maximumFractionDigits: 2 });

export function formatMetric(metric: ExperimentMetricName, value: number, currency: string): string {
  const { kind } = metricWords[metric];
  if (kind === 'money') return formatMoney(value, currency);
  return kind === 'share' ? formatPercent(value) : counts.format(value).replace('-', '\u2212');
}

export function formatP(p: number | undefined): string {
  if (p === undefined) return '–';
  return p < 0.001 ? '< 0.001' : p.toFixed(3);
}

/** The metric table as CSV: plain numbers, money in minor units. */
export function metricsCsv({ metrics, experiment }: ExperimentDetail): string {
  const head = ['experiment', 'epoch', 'metric', 'arm', 'clients', 'mean', 'difference', 'difference_low', 'difference_high', 'always_low', 'always_high', 'relative', 'relative_low', 'relative_high', 'p', 'p_adjusted', 'chance_above'];
  const rows = metrics.map(({ metric, arm, mean, difference, alwaysValid, relative, p, adjustedP, chanceAbove }) => [
    experiment.experimentId, experiment.epoch, metric, arm, mean.n, mean.known ? mean.value : '',
    ...(difference.known ? [difference.value, difference.low, difference.high] : ['', '', '']), ...(alwaysValid.known ? [alwaysValid.low, alwaysValid.high] : ['', '']),
    ...(relative.known ? [relative.value, relative.low, relative.high] : ['', '', '']), p ?? '', adjustedP ?? '', chanceAbove ?? '',
  ]);
  return [head, ...rows].map((row) => row.map(csvField).join(',')).join('\r\n');
}

/** Quoted where need be, and never taken for a formula by a spreadsheet. */
function csvField(value: string | number): string {
  const text = typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
