import type { ArmVerdict, Experiment, ExperimentArm, FigureGap } from '@sp/contracts';
import { armName } from './decisions';
import { metricWords } from './experiments';
import { formatChange, formatPercent } from './numbers';

export const verdictWords: Readonly<Record<ArmVerdict, { readonly words: string; readonly tone: 'good' | 'bad' | 'quiet' | 'warn' }>> = {
  'higher': { words: 'Earns more', tone: 'good' },
  'lower': { words: 'Earns less', tone: 'bad' },
  'not-distinguishable': { words: 'Not yet distinguishable', tone: 'quiet' },
  'too-few-clients': { words: 'Too few clients yet', tone: 'quiet' },
  'split-broken': { words: 'Withheld: split is broken', tone: 'warn' },
  'no-figure': { words: 'No figure yet', tone: 'quiet' },
};

export const gapWords: Readonly<Record<FigureGap, string>> = {
  'too-few-observations': 'too few yet',
  'no-variance': 'all alike so far',
  'baseline-near-zero': 'baseline too near zero',
  'zero-denominator': 'nothing to divide by',
  'inconsistent-counts': 'figures still arriving',
};

/** The table in one sentence, no stronger than its verdicts allow. */
export function summaryOf(experiment: Experiment): string {
  if (experiment.split.state === 'broken') return 'Clients are not split between the arms as asked, so no comparison is shown until the cause is found.';
  if (experiment.arms.some(({ verdict }) => verdict === 'split-broken')) return 'The arms are not alike before anything was done, or clients stand in several of them: no comparison is shown until the cause is found.';
  const told = experiment.arms.filter((arm) => arm.verdict === 'higher' || arm.verdict === 'lower').map((arm) => sentenceOf(arm, experiment));
  return told.length > 0 ? told.join(' ') : `No arm can be told from the ${armName(experiment.control).toLowerCase()} yet.`;
}

function sentenceOf(arm: ExperimentArm, { deciding, control }: Experiment): string {
  if (deciding !== 'spend') return `${armName(arm.arm)}: ${metricWords[deciding].name.toLowerCase()} is ${arm.verdict} than with ${armName(control)}.`;
  if (!arm.lift?.known) return '';
  const { value, low, high } = arm.lift;
  const words = `${formatPercent(Math.abs(value))} ${value > 0 ? 'more' : 'less'}`;
  return `${armName(arm.arm)}: clients spend ${words} than the ${armName(control).toLowerCase()}’s (${formatChange(low)} to ${formatChange(high)}).`;
}
