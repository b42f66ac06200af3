import { featureNames } from '@sp/features';
import { insightsOf, provenanceOf } from '@sp/learning';
import { expect, it } from 'vitest';
import { insightPage } from './insight-page';

const names = featureNames.slice(0, 3);
const columns = names.map((_, place) => Float64Array.from({ length: 50 }, (__, row) => row * (place + 1)));
const insights = insightsOf({ names, columns, rows: 50, of: 'made-up rows', redeemed: Float64Array.from({ length: 50 }, (_, row) => Number(row > 30)) });

it('makes a page that stands alone, says where the data are from and lists every feature', () => {
  const page = insightPage(insights, provenanceOf([{ source: 'bank-simulator', events: 10 }]));
  expect(page).toContain('simulated');
  for (const name of names) expect(page).toContain(`<td>${name}</td>`);
  expect(page).not.toMatch(/(src|href)=/);
});

it('does not call real data simulated, and lets no source write into the page', () => {
  const provenance = provenanceOf([{ source: '<b>bank</b>', events: 3 }]);
  expect(provenance).not.toContain('simulated');
  expect(insightPage(insights, provenance)).not.toContain('<b>bank');
});
