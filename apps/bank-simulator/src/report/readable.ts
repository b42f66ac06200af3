import type { ArmFigures } from './arm-figures';
import type { Estimate } from './estimates';
import type { TruthReport } from './report';

/** For the screen: what one looks at first; the rest is in the files. */
export function readableReport(report: TruthReport): string {
  const { world, simulatedDays, clients, shareOfWallet, arms, calibration, troubles, falseAlarms } = report;
  return [
    '',
    `Simulated data: world "${world.kind}", seed ${world.seed}, ${simulatedDays} days, ${clients} clients; our card has ${percent(shareOfWallet.share)} of the wallet.`,
    '',
    row(['arm', 'clients', 'share of wallet', 'spend a client', 'visits', 'check', 'margin', 'net spend / holdout', 'true effect']),
    ...arms.map(armRow),
    ...(calibration ? ['', calibrationRow(['arm', 'reported lift', 'true lift', 'holds?']), ...calibration.arms.filter(({ arm }) => arm !== 'holdout').map(({ arm, reportedLift, trueLift, reportedHoldsTruth }) => {
      return calibrationRow([arm, interval(reportedLift, percent), interval(trueLift, percent), reportedHoldsTruth === undefined ? '-' : reportedHoldsTruth ? 'yes' : 'NO']);
    })] : []),
    ...oracleRows(report),
    ...learningRows(report),
    ...(troubles.length > 0 ? ['', ...troubles.map(({ kind, what, startsAt, endsAt, size, touchedByKind, found }) => `${kind} (${what}), size ${size}, ${startsAt} to ${endsAt}${touchedByKind === undefined ? '' : `, touched ${touchedByKind}`}${found === undefined ? '' : found.found ? `: found after ${found.hoursToFind} h` : ': MISSED'}`)] : []),
    ...(falseAlarms ? [`false alarms: ${falseAlarms.length}`, ...falseAlarms.map(({ signal, atMs }) => `  ${signal} at ${new Date(atMs).toISOString()}`)] : []),
  ].join('\n');
}

function oracleRows({ shareOfOracle }: TruthReport): string[] {
  return ['', ...Object.entries(shareOfOracle).map(([arm, { all, lastFourWeeks }]) => `${arm}: its offers were worth ${interval(all, percent)} of the oracle's, in the last four weeks ${interval(lastFourWeeks, percent)}`)];
}

function learningRows({ learning }: TruthReport): string[] {
  if (!learning) return [];
  const date = (timeMs: number): string => new Date(timeMs).toISOString().slice(0, 10);
  return ['', ...learning.steps.map(({ version, sinceMs, untilMs, rows, laterAuc, trueEffect, againstHoldout, shareOfOracle }) => (
    `model ${version} from ${date(sinceMs)} to ${date(untilMs)}: ${rows} examples, ROC AUC ${laterAuc?.toFixed(3) ?? '-'}; true effect on margin ${interval(trueEffect?.margin, percent)}, net spend ${interval(trueEffect?.netSpend, percent)}, against holdout ${interval(againstHoldout?.netSpend, percent)}, of the oracle ${interval(shareOfOracle, percent)}`
  )), ...learning.trainings.map(({ by, examples, outcome, message, gates }) => `training (${by}) on ${examples}: ${outcome}${message === undefined ? '' : `, ${message}`}${(gates ?? []).filter(({ passed }) => !passed).map(({ name, text }) => `; ${name}: ${text}`).join('')}`), ...learning.changes.map(({ atMs, kind, before, after, reason }) => `changed by itself on ${date(atMs)}: ${kind} ${before === '' ? '' : `${before} to ${after}; `}${reason}`)];
}

function armRow({ arm, clients, shareOfWallet, ourSpendPerClientMinor, visitsPerClient, averageCheckMinor, marginPerClientMinor, againstHoldout, trueEffect }: ArmFigures): string {
  return row([
    arm, String(clients), value(shareOfWallet, percent), value(ourSpendPerClientMinor, money), value(visitsPerClient, (visits) => visits.toFixed(1)), value(averageCheckMinor, money),
    value(marginPerClientMinor, money), interval(againstHoldout?.netSpend, percent), interval(trueEffect.netSpend, percent),
  ]);
}

function row(cells: readonly string[]): string {
  return cells.map((cell, place) => cell.padEnd(place === 0 ? 10 : place < 7 ? 16 : 32)).join('').trimEnd();
}

function calibrationRow(cells: readonly string[]): string {
  return cells.map((cell, place) => cell.padEnd(place === 0 ? 10 : 34)).join('').trimEnd();
}

function value(estimate: Estimate | undefined, said: (value: number) => string): string {
  return estimate ? said(estimate.value) : '-';
}

function interval(estimate: Estimate | undefined, said: (value: number) => string): string {
  return estimate ? `${said(estimate.value)} [${said(estimate.low)}, ${said(estimate.high)}]` : '-';
}

const percent = (share: number): string => `${(share * 100).toFixed(2)} %`;
const money = (minor: number): string => (minor / 100).toFixed(2);
