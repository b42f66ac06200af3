import { eventTables } from '@sp/contracts';
import { expect, it } from 'vitest';
import { docsPage } from './docs-page';

it('says every event type and field, and needs nothing from elsewhere', () => {
  const page = docsPage();
  for (const { type, fields } of eventTables()) {
    expect(page).toContain(`id="${type}"`);
    for (const { path } of fields) expect(page).toContain(`<code>${path}</code>`);
  }
  expect(page).toContain('POST /v1/events');
  expect(page).not.toMatch(/<script|src=|url\(|@import|https?:/);
});
