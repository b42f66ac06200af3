/** `npm run corrections`: what cleaning did, by rule, or to one event, before and after; read from ClickHouse. */
import { connectClickHouse, readRows, type ClickHouseClient } from '@sp/clickhouse';
import { correctionRules, type CorrectionRule } from '@sp/contracts';
import { parseArgs } from 'node:util';

const usage = `npm run corrections -- [EVENT_ID | --rule RULE] [--limit 20], with CLICKHOUSE_URL (default http://127.0.0.1:8123)
  without an id or a rule: how often each rule was applied
${Object.entries(correctionRules).map(([rule, meaning]) => `  ${rule.padEnd(24)}${meaning}`).join('\n')}`;

interface CorrectionOfEvent {
  readonly eventId: string;
  readonly type: string;
  readonly subject: string;
  readonly rule: string;
  readonly field: string;
  readonly before: string;
  readonly after: string;
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { rule: { type: 'string' }, limit: { type: 'string', default: '20' }, help: { type: 'boolean', short: 'h' } } });
  if (values.help) return print(usage);
  const client = connectClickHouse(process.env['CLICKHOUSE_URL'] ?? 'http://127.0.0.1:8123');
  try {
    const [eventId] = positionals;
    print(eventId === undefined && values.rule === undefined ? await counts(client) : await list(client, { eventId, rule: values.rule, limit: Number(values.limit) }));
  } finally {
    await client.close();
  }
}

async function counts(client: ClickHouseClient): Promise<string> {
  const rows = await readRows<{ rule: CorrectionRule; count: number; newest: string }>(client, 'SELECT rule, toUInt32(count()) AS count, toString(max(time)) AS newest FROM corrections GROUP BY rule ORDER BY count DESC');
  if (rows.length === 0) return 'Nothing was corrected.';
  return rows.map(({ rule, count, newest }) => `${String(count).padStart(9)}  ${rule.padEnd(24)}${correctionRules[rule]}  (last ${newest})`).join('\n');
}

async function list(client: ClickHouseClient, { eventId, rule, limit }: { readonly eventId: string | undefined; readonly rule: string | undefined; readonly limit: number }): Promise<string> {
  const query = `SELECT event_id AS eventId, type, subject, rule, field, before, after FROM corrections
    WHERE ({eventId:String} = '' OR event_id = {eventId:String}) AND ({rule:String} = '' OR rule = {rule:String}) ORDER BY time DESC LIMIT {limit:UInt32}`;
  const rows = await readRows<CorrectionOfEvent>(client, query, { eventId: eventId ?? '', rule: rule ?? '', limit });
  if (rows.length === 0) return eventId === undefined ? 'Nothing was corrected by this rule.' : 'Nothing of this event was corrected.';
  return rows.map((row) => `${row.eventId}  ${row.type}  ${row.subject}\n  ${row.rule}: ${row.field}  ${row.before === '' ? '(missing)' : row.before} -> ${row.after}`).join('\n');
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${usage}\n`);
  process.exitCode = 1;
});
