import type { ModelMetrics } from '../model-metrics';
import type { CurvePoint } from './curves';
import type { PipelineReport } from './run-pipeline';

const SIDE = 260;

/** The report as one HTML page without scripts or other files. */
export function reportPage(title: string, note: string, report: PipelineReport): string {
  const { crossValidation, test, curves, overfitting, cleaning } = report;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${escaped(title)}</title>
<style>body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1a1a2e}table{border-collapse:collapse;margin:.5rem 0}td,th{padding:.2rem .8rem;border-bottom:1px solid #ddd;text-align:right}td:first-child,th:first-child{text-align:left}figure{display:inline-block;margin:0 1.5rem 1rem 0}figcaption{font-size:13px}svg{border:1px solid #bbb}.note{color:#555}</style></head><body>
<h1>${escaped(title)}</h1><p class="note">${escaped(note)}</p>
<h2>Choice</h2><p><strong>${escaped(report.chosen)}</strong>: ${escaped(report.why)}.</p>
${tableOf(['candidate', 'rows', 'ROC AUC', 'deviation over folds'], report.trials.map(({ name, rows, meanAuc, deviation }) => [name, String(rows), meanAuc.toFixed(4), deviation.toFixed(4)]))}
<h2>Does it hold?</h2><p>${escaped(overfitting.text)}.</p>
${tableOf(['', 'rows', 'positive', 'ROC AUC', 'precision', 'recall', `F ${test.beta}`, 'log loss', 'Brier'], [metricsRow('cross-validation', crossValidation), metricsRow('later test part', test)])}
<h2>At the threshold ${report.threshold.toFixed(4)}</h2>
${tableOf(['later test part', 'positive', 'negative'], [['predicted positive', String(test.confusion.truePositives), String(test.confusion.falsePositives)], ['predicted negative', String(test.confusion.falseNegatives), String(test.confusion.trueNegatives)]])}
<h2>Curves on the later test part</h2>
${figure('ROC', curves.roc, 'share of negatives taken', 'share of positives taken')}
${figure('Precision and recall', curves.precisionRecall, 'recall', 'precision')}
${figure('Calibration', test.calibration.flatMap(({ meanProbability, observedShare }) => (meanProbability === null || observedShare === null ? [] : [{ x: meanProbability, y: observedShare }])), 'predicted', 'observed')}
<p>Calibration line learned out of fold: slope ${report.calibrationLine.slope.toFixed(3)}, offset ${report.calibrationLine.offset.toFixed(3)}${report.calibrationLine.slope === 1 ? ' (none was needed)' : ''}.</p>
<h2>What it looks at</h2><p>ROC AUC lost on the later test part when one column is shuffled.</p>
${tableOf(['column', 'AUC lost'], report.importances.slice(0, 25).map(({ name, aucLoss }) => [name, aucLoss.toFixed(4)]))}
<h2>Cleaning, learned on the ${cleaning.rows} earlier rows</h2>
<p>${cleaning.columns.length} columns kept, ${cleaning.dropped.length} dropped.</p>
${tableOf(['dropped', 'why'], cleaning.dropped.map(({ name, reason }) => [name, reason]))}
</body></html>
`;
}

function metricsRow(name: string, { rows, positives, rocAuc, precision, recall, fBeta, logLoss, brier }: ModelMetrics): string[] {
  return [name, String(rows), String(positives), rocAuc?.toFixed(4) ?? '-', precision.toFixed(3), recall.toFixed(3), fBeta.toFixed(3), logLoss.toFixed(4), brier.toFixed(4)];
}

function tableOf(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = (tag: string, row: readonly string[]): string => `<tr>${row.map((cell) => `<${tag}>${escaped(cell)}</${tag}>`).join('')}</tr>`;
  return `<table>${cells('th', header)}${rows.map((row) => cells('td', row)).join('')}</table>`;
}

function figure(name: string, points: readonly CurvePoint[], x: string, y: string): string {
  const path = points.map((point, place) => `${place === 0 ? 'M' : 'L'}${(SIDE * point.x).toFixed(1)} ${(SIDE * (1 - point.y)).toFixed(1)}`).join('');
  return `<figure><svg width="${SIDE}" height="${SIDE}" viewBox="0 0 ${SIDE} ${SIDE}" role="img" aria-label="${name}"><path d="M0 ${SIDE}L${SIDE} 0" stroke="#ccc" fill="none"/><path d="${path}" stroke="#2456c8" stroke-width="2" fill="none"/></svg><figcaption>${name}: ${y} (up) by ${x} (across)</figcaption></figure>`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
