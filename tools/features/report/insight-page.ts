import { quantileLevels, redundantFrom, type FeatureInsight, type Insights } from '@sp/learning';

/** The whole report as one page that needs nothing else; a click on a head sorts by it. */
export function insightPage(insights: Insights, provenance: string): string {
  const { features, redundant, rows, redeemedShare, of, featuresVersion } = insights;
  const flagged = features.filter(({ flags }) => flags.length > 0).length;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Features: what is in them</title><style>${style}</style></head><body>
<h1>Features: what is in them</h1>
<p class="provenance">${escape(provenance)}</p>
<p>${rows.toLocaleString('en-US')} rows: ${escape(of)}. ${features.length} features (${escape(featuresVersion)}), ${flagged} with a flag. ${Number.isNaN(redeemedShare) ? '' : `Redeemed: ${percent(redeemedShare)}.`}</p>
<p class="note">Quantiles and moments are of known values. Distribution: 24 bins between the 1 % and the 99 % quantile. r is Pearson's with the target "redeemed"; AUC says how well the value alone ranks redeemed offers above others (0.5: not at all). A correlation is not a cause.</p>
<table id="features"><thead><tr>${heads.map((head) => `<th>${head}</th>`).join('')}</tr></thead><tbody>
${features.map(rowOf).join('\n')}
</tbody></table>
<h2>Pairs that say nearly the same (|r| above ${redundantFrom})</h2>
${redundant.length === 0 ? '<p>None.</p>' : `<table><thead><tr><th>feature</th><th>repeats</th><th>r</th></tr></thead><tbody>${redundant.map(({ one, other, r }) => `<tr><td>${escape(other)}</td><td>${escape(one)}</td><td class="n">${r.toFixed(4)}</td></tr>`).join('')}</tbody></table>`}
<script>${script}</script></body></html>
`;
}

const heads = ['feature', 'state', 'distribution', 'missing', 'distinct', 'min', ...quantileLevels.map((level) => `${100 * level} %`), 'max', 'mean', 'deviation', 'r with target', 'AUC', 'closest', 'flags'];

function rowOf(row: FeatureInsight): string {
  const { name, group, missingShare, missingWhen, distinct, minimum, quantiles, maximum, mean, deviation, targetCorrelation, targetAuc, closest, flags } = row;
  const missing = `<td class="n" data-v="${missingShare}" title="${escape(missingWhen ?? 'never')}">${percent(missingShare)}</td>`;
  const numbers = [distinct, minimum, ...quantiles, maximum, mean, deviation].map((value) => cell(value, short(value)));
  return `<tr><td>${escape(name)}</td><td>${escape(group)}</td><td>${sparkline(row)}</td>${missing}${numbers.join('')}${cell(Math.abs(targetCorrelation), fixed(targetCorrelation))}${cell(targetAuc, fixed(targetAuc))}<td>${closest ? `${escape(closest.name)} ${fixed(closest.r)}` : ''}</td><td class="flags">${escape(flags.join('; '))}</td></tr>`;
}

function cell(value: number, text: string): string {
  return `<td class="n" data-v="${value}">${text}</td>`;
}

function sparkline({ histogram, name }: FeatureInsight): string {
  const highest = Math.max(...histogram, 1);
  const width = 96 / Math.max(1, histogram.length);
  const bars = histogram.map((count, bin) => `<rect x="${(bin * width).toFixed(1)}" y="${(24 - (24 * count) / highest).toFixed(1)}" width="${Math.max(1, width - 0.5).toFixed(1)}" height="${((24 * count) / highest).toFixed(1)}"/>`);
  return `<svg viewBox="0 0 96 24" width="96" height="24" role="img" aria-label="distribution of ${escape(name)}">${bars.join('')}</svg>`;
}

function percent(share: number): string {
  return Number.isNaN(share) ? '' : `${(100 * share).toFixed(share > 0 && share < 0.001 ? 3 : 1)} %`;
}

function short(value: number): string {
  if (Number.isNaN(value)) return '';
  return Number.isInteger(value) ? value.toLocaleString('en-US') : Number(value.toPrecision(4)).toLocaleString('en-US', { maximumFractionDigits: 6 });
}

function fixed(value: number): string {
  return Number.isNaN(value) ? '' : value.toFixed(3);
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

const style = `:root{color-scheme:light dark}body{font:14px/1.45 system-ui,sans-serif;margin:2rem}h1{font-size:1.4rem}.provenance{font-weight:600}.note{max-width:60rem;opacity:.75}
table{border-collapse:collapse;font-variant-numeric:tabular-nums}th,td{padding:.2rem .6rem;border-bottom:1px solid #8884;text-align:left;white-space:nowrap}th{position:sticky;top:0;background:Canvas;cursor:pointer}.n{text-align:right}.flags{color:#b3261e}svg rect{fill:#4a7bd0}`;

const script = `for(const [at,head] of [...document.querySelectorAll('#features th')].entries())head.onclick=()=>{const body=document.querySelector('#features tbody');const down=head.dataset.down=head.dataset.down==='1'?'':'1';
const of=r=>{const c=r.cells[at];return c.dataset.v===undefined?c.textContent:Number(c.dataset.v)};const less=(a,b)=>typeof a==='string'?a.localeCompare(b):(isNaN(a)?-Infinity:a)-(isNaN(b)?-Infinity:b);
body.append(...[...body.rows].sort((x,y)=>(down?-1:1)*less(of(x),of(y))))}`;
