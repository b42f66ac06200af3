import { readRows, type ClickHouseClient } from '@sp/clickhouse';

/** What every entry has, whatever its book. */
export interface BookEntry {
  readonly kind: string;
  readonly atMs: number;
}

/**
 * A book's entries in ClickHouse, in the order of their writing: written before they are folded, so that what was answered is kept. One
 * monitor writes; the token makes a retried entry one.
 */
export class EntryLog<Entry extends BookEntry> {
  private next = 1;

  constructor(
    private readonly client: ClickHouseClient,
    private readonly book: string,
  ) {}

  async load(): Promise<Entry[]> {
    const rows = await readRows<{ ordinal: number; entry: string }>(this.client, 'SELECT ordinal, entry FROM monitor_entries WHERE book = {book:String} ORDER BY ordinal', { book: this.book });
    this.next = (rows.at(-1)?.ordinal ?? 0) + 1;
    return rows.map(({ entry }) => JSON.parse(entry) as Entry);
  }

  async append(entry: Entry, about: string): Promise<void> {
    const ordinal = this.next++;
    await this.client.insert({
      table: 'monitor_entries',
      values: [{ book: this.book, ordinal, about, kind: entry.kind, at: dateText(entry.atMs), entry: JSON.stringify(entry) }],
      columns: ['book', 'ordinal', 'about', 'kind', 'at', 'entry'],
      format: 'JSONEachRow',
      clickhouse_settings: { insert_deduplication_token: `monitor:${this.book}:${ordinal}` },
    });
  }

  /** Event time up to which the figures were looked at; undefined if never. */
  async mark(): Promise<number | undefined> {
    const [row] = await readRows<{ at: number | null }>(this.client, 'SELECT toUnixTimestamp64Milli(maxOrNull(at)) AS at FROM monitor_marks WHERE book = {book:String}', { book: this.book });
    return row?.at ?? undefined;
  }

  async setMark(atMs: number): Promise<void> {
    const clickhouse_settings = { insert_deduplication_token: `mark:${this.book}:${atMs}` };
    await this.client.insert({ table: 'monitor_marks', values: [{ book: this.book, at: dateText(atMs) }], columns: ['book', 'at'], format: 'JSONEachRow', clickhouse_settings });
  }
}

function dateText(timeMs: number): string {
  return new Date(timeMs).toISOString().replace('T', ' ').slice(0, 23);
}
