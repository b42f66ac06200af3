import { dayMs } from '../world/calendar';
import type { ArmFigures, Lifts } from './arm-figures';
import { intervalChart, lineChart, spanChart, type Span } from './charts';
import type { Estimate } from './estimates';
import { pageStyle } from './page-style';
import type { TroubleFound } from './findings';
import type { TruthReport } from './report';

/** One page without anything from outside: it can be kept, sent and printed. */
export function reportPage(report: TruthReport): string {
  const { world, simulatedDays, clients } = report;
  const title = `The simulated bank: world “${world.kind}”, seed ${world.seed}, ${simulatedDays} days`;
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title><style>${pageStyle}</style></head><body><main>
<h1>${escaped(title)}</h1>
<p class="note">Simulated data: ${clients} clients, until ${escaped(report.simulatedUntil.slice(0, 16).replace('T', ' '))} UTC; planted troubles: ${escaped(world.troubles)}. Intervals are 95 %, by clients. ${armsNote(report)}</p>
${armsSection(report)}${effectSection(report)}${calibrationSection(report)}${learningSection(report)}${weeksSection(report)}${offersSection(report)}${troublesSection(report)}
</main></body></html>\n`;
}

function armsNote({ armsFrom }: TruthReport): string {
  return armsFrom === 'monitor' ? 'Each client’s arm is what the system’s own decisions say.' : 'Arms are known from offers only: clients without one, the holdout among them, are “unknown”.';
}

function armsSection({ arms }: TruthReport): string {
  const rows = arms.map((figures) => [
    figures.arm, String(figures.clients), interval(figures.shareOfWallet, percent), interval(figures.totalSpendPerClientMinor, money), interval(figures.ourSpendPerClientMinor, money),
    interval(figures.visitsPerClient, plain), interval(figures.averageCheckMinor, money), interval(figures.marginPerClientMinor, money), interval(figures.discountPerClientMinor, money),
  ]);
  const head = ['Arm', 'Clients', 'Share of wallet', 'Spend a client, both cards', 'With our card', 'Visits', 'Average check', 'Margin after discounts', 'Discounts'];
  return section('By arm, whole run', 'EUR a client; margin is the merchants’ on what is paid with our card.', table(head, rows));
}

function effectSection({ arms }: TruthReport): string {
  const treated = arms.filter(({ againstHoldout }) => againstHoldout);
  const measures: [keyof Lifts, string][] = [['netSpend', 'Spend less discounts'], ['ourSpend', 'Spend with our card'], ['totalSpend', 'Spend with both cards'], ['visits', 'Visits'], ['margin', 'Margin after discounts']];
  const rows = arms.flatMap((figures) => measures.map(([measure, name]) => [figures.arm, name, interval(figures.againstHoldout?.[measure], percent), interval(figures.trueEffect[measure], percent)]));
  const bars = (treated.length > 0 ? treated : arms).flatMap(({ arm, againstHoldout, trueEffect }) => [
    ...(againstHoldout?.netSpend ? [{ name: `${arm}: against the holdout`, estimate: againstHoldout.netSpend, tone: 'seen' as const }] : []),
    ...(trueEffect.netSpend ? [{ name: `${arm}: true`, estimate: trueEffect.netSpend, tone: 'true' as const }] : []),
  ]);
  const note = 'Against the holdout: another group of clients, with luck of its own. True effect: the same clients with and without offers, which only the oracle knows.';
  return section('What the offers changed', note, `${intervalChart(bars)}${table(['Arm', 'Measure', 'Against the holdout', 'True effect'], rows)}`);
}

function calibrationSection({ calibration }: TruthReport): string {
  if (!calibration) return '';
  const rows = calibration.arms.map((arm) => [
    arm.arm, String(arm.reportedClients), String(arm.trueClients), interval(arm.reportedLift, percent), arm.verdict ?? '–', interval(arm.trueLift, percent), interval(arm.liftAgainstHoldout, percent),
    arm.reportedHoldsTruth === undefined ? '–' : arm.reportedHoldsTruth ? 'yes' : 'no',
  ]);
  const note = `The system’s own figures (experiment ${escaped(calibration.experimentId)}, valid at every look with error ${calibration.alpha}) beside the truth.`;
  const head = ['Arm', 'Clients reported', 'Clients compared', 'Reported lift', 'Verdict', 'True lift', 'Arm against holdout, all payments seen', 'Interval holds the truth'];
  return section('Is the reported lift the true lift?', note, table(head, rows));
}

function learningSection({ learning, shareOfOracle }: TruthReport): string {
  if (!learning) return '';
  const rows = learning.steps.map(({ version, sinceMs, untilMs, rows: examples, crossValidationAuc, laterAuc, weeks, againstHoldout, trueEffect, shareOfOracle: share }) => [
    version, `${day(sinceMs)} to ${day(untilMs)}`, weeks.length === 0 ? '–' : weeks.join(', '), String(examples), crossValidationAuc?.toFixed(3) ?? '–', laterAuc?.toFixed(3) ?? '–',
    interval(againstHoldout?.netSpend, percent), interval(trueEffect?.netSpend, percent), interval(trueEffect?.margin, percent), interval(share, percent),
  ]);
  const head = ['Model', 'In force', 'Whole weeks', 'Examples', 'ROC AUC, cross-validated', 'ROC AUC, later quarter', 'Spend less discounts, against the holdout', 'The same, true effect', 'Margin, true effect', 'Share of the oracle'];
  const curve = lineChart(learning.steps.map(({ sinceMs }) => day(sinceMs)), [{ name: 'share of the oracle', points: learning.steps.map(({ shareOfOracle: share }) => share) }, { name: 'true effect on margin', points: learning.steps.map(({ trueEffect }) => trueEffect?.margin) }], percent);
  const trainings = learning.trainings.map(({ by, seenMs, examples, outcome, version, message, gates }) => [seenMs === undefined ? '–' : day(seenMs), by, String(examples), outcome, version ?? '–', message ?? gates?.map(({ name, passed, text }) => `${name} ${passed ? 'passed' : 'NOT passed'}: ${text}`).join('; ') ?? '']);
  const changes = learning.changes.map(({ atMs, kind, before, after, reason }) => [day(atMs), kind, before, after, reason]);
  const oracle = Object.entries(shareOfOracle).map(([arm, { all, lastFourWeeks }]) => [arm, interval(all, percent), interval(lastFourWeeks, percent)]);
  const note = 'Each model that the line had in force: what it promised on the offers it was judged by, and what the model arm then did in the weeks whose middle fell into its time. The oracle knows the truth and is bound by no caps, budgets or live offers; its intervals take offers as independent.';
  return section('Learning', note, `${curve}${table(head, rows)}<h3>Trainings</h3>${table(['Ended by', 'Why', 'Examples', 'Outcome', 'Model', 'Words'], trainings)}<h3>Changed by the line itself</h3>${table(['On', 'What', 'From', 'To', 'Why'], changes)}<h3>Share of the oracle’s worth, by arm</h3>${table(['Arm', 'Whole run', 'Last four weeks'], oracle)}`);
}

function day(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(0, 10);
}

function weeksSection({ weeks }: TruthReport): string {
  if (weeks.length === 0) return '';
  const arms = [...new Set(weeks.flatMap(({ arms: figures }) => figures.map(({ arm }) => arm)))];
  const series = (pick: (figures: ArmFigures) => Estimate | undefined) => arms.map((arm) => ({ name: arm, points: weeks.map(({ arms: figures }) => { const found = figures.find((one) => one.arm === arm); return found && pick(found); }) }));
  const labels = weeks.map(({ week }) => `${week}`);
  const rows = weeks.flatMap(({ week, startsAt, arms: figures }) => figures.map((one) => [
    `${week} (${startsAt})`, one.arm, interval(one.shareOfWallet, percent), interval(one.ourSpendPerClientMinor, money), interval(one.visitsPerClient, plain), interval(one.averageCheckMinor, money),
    interval(one.marginPerClientMinor, money), interval(one.trueEffect.netSpend, percent),
  ]));
  const head = ['Week', 'Arm', 'Share of wallet', 'Spend with our card', 'Visits', 'Average check', 'Margin', 'True effect on spend less discounts'];
  return section('By week', 'Whole weeks; shaded: the interval.', `<h3>Share of wallet</h3>${lineChart(labels, series((one) => one.shareOfWallet), percent)}
<h3>True effect on spend less discounts</h3>${lineChart(labels, series((one) => one.trueEffect.netSpend), percent)}<details><summary>All weeks as a table</summary>${table(head, rows)}</details>`);
}

function offersSection({ offersByArm, population, unanswerableOffers }: TruthReport): string {
  const rows = Object.entries(offersByArm).map(([arm, one]) => [
    arm, one.offers, one.viewed, one.accepted, one.declined, one.redeemed, one.confirmed, one.refusedHonestly, one.diverted, percent(one.redemptionRate), percent(one.meanTrueProbability),
    percent(one.meanBestProbability), money(one.incrementalAfterDiscountMinor), one.withoutConsent,
  ].map(String));
  const head = ['Arm', 'Offers', 'Viewed', 'Accepted', 'Declined', 'Redeemed', 'Confirmed', 'Refused by merchant', 'Paid past the bank', 'Redemption rate', 'True probability', 'Best possible', 'Increment after discount, EUR', 'Without consent'];
  const note = `Best possible: the oracle’s campaign and terms at the same moment; the difference is the regret. ${population.left} clients left, ${population.erasures} asked to be erased, ${population.consentChanges} changed a consent; ${unanswerableOffers} offers could not be answered.`;
  return section('Offers and their answers', note, table(head, rows));
}

function troublesSection({ troubles, simulatedUntil, simulatedDays, divertedWithTraces, planted, falseAlarms }: TruthReport): string {
  const untilMs = Date.parse(simulatedUntil);
  const spans = troubles.map(({ kind, startsAt, endsAt }): Span => ({ name: kind, fromMs: Date.parse(startsAt), toMs: Date.parse(endsAt) }));
  const rows = troubles.map(({ kind, what, startsAt, endsAt, size, touchedByKind, found }) => [kind, what, startsAt.slice(0, 16), endsAt.slice(0, 16), String(size), touchedByKind === undefined ? '–' : String(touchedByKind), foundInWords(found), found?.hoursToFind === undefined ? '–' : hours(found.hoursToFind)]);
  const alarms = falseAlarms === undefined ? '' : ` False alarms of the system, raised while nothing was wrong nor a day after: ${falseAlarms.length}${falseAlarms.length === 0 ? '' : ` (${falseAlarms.map(({ signal, atMs }) => `${signal} on ${new Date(atMs).toISOString().slice(0, 10)}`).join(', ')})`}.`;
  const note = `Every day besides: ${planted.duplicates} events twice, ${planted.late} late, ${planted.invalid} broken ones. Of the payments past the bank ${divertedWithTraces} left a trace.${escaped(alarms)}`;
  const shown = troubles.length === 0 ? '<p>None.</p>' : `${spanChart(spans, untilMs - simulatedDays * dayMs, untilMs)}${table(['Kind', 'What it touches', 'True start (UTC)', 'True end (UTC)', 'Size', 'Touched, all of the kind', 'Found by the system', 'Time to find'], rows)}`;
  return section('Planted troubles', note, shown);
}

function foundInWords(found: TroubleFound | undefined): string {
  return found === undefined ? 'not asked' : found.found ? 'yes' : 'missed';
}

function hours(value: number): string {
  return value < 1 ? `${Math.round(value * 60)} min` : `${value.toFixed(1)} h`;
}

function section(title: string, note: string, body: string): string {
  return `<section><h2>${title}</h2><p class="note">${note}</p>${body}</section>\n`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const body = rows.map((cells) => `<tr>${cells.map((cell) => `<td>${escaped(cell)}</td>`).join('')}</tr>`).join('');
  return `<div class="scroll"><table><thead><tr>${head.map((cell) => `<th scope="col">${escaped(cell)}</th>`).join('')}</tr></thead><tbody>${body}</tbody></table></div>`;
}

function interval(estimate: Estimate | undefined, said: (value: number) => string): string {
  return estimate ? `${said(estimate.value)} [${said(estimate.low)}, ${said(estimate.high)}]` : '–';
}

const percent = (share: number): string => `${(share * 100).toFixed(2)} %`;
const money = (minor: number): string => (minor / 100).toFixed(2);
const plain = (value: number): string => value.toFixed(2);

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
