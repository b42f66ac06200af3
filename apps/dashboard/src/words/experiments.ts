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
  'spend-adjusted': { name: 'Spend, capped and adjusted', what: 'by each client’s weeks before (CUPED)', kind: 'money' },
  'frequency': { name: 'Frequency', what: 'purchases a client', kind: 'count' },
  'average-check': { name: 'Average check', what: 'spend a purchase', kind: 'money' },
  'margin': { name: 'Margin', what: 'the bank’s of all spend, less discounts', kind: 'money' },
  'offer-margin': { name: 'Margin of offers', what: 'the merchants’ in the offers’ time, after the discount; of ghosts likewise', kind: 'money' },
  'active-weeks': { name: 'Active weeks', what: 'with the card; proxy of share of wallet', kind: 'count' },
  'opt-outs': { name: 'Opt-outs', what: 'guardrail: consent withdrawn', kind: 'share' },
};

export const stepWords: Readonly<Record<NextStep, { readonly words: string; readonly tone: 'good' | 'bad' | 'warn' | 'quiet' }>> = {
  'mend-split': { words: 'Find out why clients are not split as asked; compare nothing until then.', tone: 'warn' },
  'stop-guardrail': { words: 'Harm beyond what was to be borne is proven: stop it.', tone: 'bad' },
  'stopped': { words: 'Stopped: its figures stay as they were then.', tone: 'quiet' },
  'wait': { words: 'Wait: nothing can be told yet, and the horizon has not come.', tone: 'quiet' },
  'decide-higher': { words: 'An arm does better than the control: decide to give it more clients.', tone: 'good' },
  'decide-lower': { words: 'An arm does worse than the control: decide to stop it.', tone: 'bad' },
  'horizon-reached': { words: 'The planned time is over without a difference: decide, or plan a longer one.', tone: 'warn' },
};

export const logWords: Readonly<Record<ExperimentLogEntry['decision'], string>> = { continue: 'Go on', ship: 'Give it more clients', stop: 'Stop it', note: 'Note', declared: 'Declared', started: 'Started', stopped: 'Stopped' };

/** What a person may note by hand. */
export const notedWords = { continue: logWords.continue, ship: logWords.ship, stop: logWords.stop, note: logWords.note };

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
