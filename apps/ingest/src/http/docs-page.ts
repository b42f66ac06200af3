import { contractVersion, envelopeRows, eventTables, openApiDocument, rejectMeanings, type EventTable, type FieldRow } from '@sp/contracts';

interface Operation {
  readonly summary: string;
  readonly description: string;
  readonly requestBody: { readonly content: Readonly<Record<string, { readonly example?: unknown }>> };
  readonly responses: Readonly<Record<string, { readonly description: string }>>;
}

/** The contract as one page without scripts or anything from elsewhere. */
export function docsPage(): string {
  const tables = eventTables();
  const links = tables.map(({ type }) => `<a href="#${type}">${escape(type)}</a>`).join(' ');
  const body = [
    `<h1>Smart Purchases: what a bank sends and gets</h1><p>Version ${contractVersion}. For machines: <a href="openapi.json">openapi.json</a>.</p>`,
    ...operations(),
    `<h2>Events</h2><nav>${links}</nav><h3>The envelope (CloudEvents 1.0)</h3>${fieldTable(envelopeRows())}`,
    ...tables.map(section),
    `<h2>Why an event is refused</h2>${table(['code', 'meaning'], Object.entries(rejectMeanings).map(([code, meaning]) => [`<code>${code}</code>`, text(meaning)]))}`,
  ];
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Smart Purchases: the door</title><style>${style}</style></head><body><main>${body.join('\n')}</main></body></html>`;
}

const style = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { margin: 0; } main { max-width: 62rem; margin: 0 auto; padding: 1rem 1rem 4rem; }
h2 { margin-top: 2.5rem; border-bottom: 1px solid #8885; } h3 { margin-top: 2rem; }
nav { display: flex; flex-wrap: wrap; gap: .25rem 1rem; }
.scroll { overflow-x: auto; } table { border-collapse: collapse; width: 100%; font-size: .9rem; }
th, td { text-align: left; vertical-align: top; padding: .3rem .7rem .3rem 0; border-bottom: 1px solid #8883; }
code, pre { font-family: ui-monospace, monospace; font-size: .9em; } pre { overflow-x: auto; padding: .8rem; background: #8881; border-radius: .3rem; }`;

function operations(): string[] {
  const paths = Object.entries(openApiDocument()['paths'] as Record<string, { readonly post: Operation }>);
  return paths.map(([path, { post }]) => {
    const types = Object.keys(post.requestBody.content).map((type) => `<code>${escape(type)}</code>`).join(', ');
    const example = Object.values(post.requestBody.content).find((content) => content.example !== undefined)?.example;
    const answers = table(['answer', 'when'], Object.entries(post.responses).map(([status, { description }]) => [status, text(description)]));
    return `<h2><code>POST ${escape(path)}</code> ${escape(post.summary)}</h2><p>${text(post.description)}</p><p>Body: ${types}.</p>${json(example)}${answers}`;
  });
}

function section({ type, direction, meaning, fields, sample }: EventTable): string {
  const out = direction === 'out' ? ' (leaves the system)' : '';
  return `<h3 id="${escape(type)}"><code>${escape(type)}</code>${out}</h3><p>${text(meaning)}</p>${fields.length > 0 ? fieldTable(fields) : '<p>No fields.</p>'}<details><summary>A sample</summary>${json(sample)}</details>`;
}

function fieldTable(rows: readonly FieldRow[]): string {
  return table(['field', 'what', 'needed', 'meaning'], rows.map(({ path, required, kind, meaning }) => [`<code>${escape(path)}</code>`, text(kind), required ? 'yes' : '', text(meaning)]));
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[], tag: string): string => `<tr>${cells.map((cell) => `<${tag}>${cell}</${tag}>`).join('')}</tr>`;
  return `<div class="scroll"><table><thead>${line(head, 'th')}</thead><tbody>${rows.map((row) => line(row, 'td')).join('')}</tbody></table></div>`;
}

function json(value: unknown): string {
  return value === undefined ? '' : `<pre>${escape(JSON.stringify(value, null, 2))}</pre>`;
}

/** What stands between back-ticks is code, as in the prose of the contracts. */
function text(prose: string): string {
  return escape(prose).replace(/`([^`]*)`/g, '<code>$1</code>');
}

function escape(value: string): string {
  return value.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
