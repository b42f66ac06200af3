import type { ServerResponse } from 'node:http';
import { randomBytes } from 'node:crypto';
import type { Gzip } from 'node:zlib';
import { constants, createGzip } from 'node:zlib';
import { ClickHouseError } from './clickhouse-error';
import type { EngineStatistics } from './engine-protocol';

/** Writes one answer: headers with the first piece (so that an early error still gets its own status), then the pieces. */
export class HttpReply {
  private gzip: Gzip | undefined;
  private readonly whenClosed: Promise<void>;
  private readonly exceptionTag = randomBytes(8).toString('hex');

  constructor(
    private readonly response: ServerResponse,
    private readonly options: { readonly queryId: string; readonly acceptsGzip: boolean },
  ) {
    this.whenClosed = new Promise((resolve) => response.once('close', () => resolve()));
  }

  get closed(): boolean {
    return this.response.destroyed || this.response.writableEnded;
  }

  async write(format: string, bytes: Uint8Array): Promise<void> {
    if (this.closed) return;
    if (!this.response.headersSent) this.open(format);
    const sink = this.gzip ?? this.response;
    if (sink.write(bytes)) return;
    await Promise.race([this.whenClosed, new Promise((resolve) => sink.once('drain', resolve))]);
  }

  end(format: string, statistics: EngineStatistics, written: boolean): void {
    if (this.closed) return;
    if (!this.response.headersSent) {
      this.response.setHeader('X-ClickHouse-Summary', summary(statistics, written));
      this.open(format);
    }
    (this.gzip ?? this.response).end();
  }

  /** After the first piece the status is gone: the exception goes into the stream, marked as ClickHouse marks it, and the connection breaks. */
  fail(error: unknown): void {
    if (this.closed) return;
    const known = error instanceof ClickHouseError ? error : new ClickHouseError(1002, `Code: 1002. DB::Exception: ${String(error)}. (UNKNOWN_EXCEPTION)`);
    if (this.response.headersSent) this.failInStream(known);
    else this.failWithStatus(known);
  }

  private open(format: string): void {
    this.setCommonHeaders(format);
    this.response.setHeader('X-ClickHouse-Exception-Tag', this.exceptionTag);
    if (this.options.acceptsGzip) {
      this.response.setHeader('Content-Encoding', 'gzip');
      this.gzip = createGzip({ level: 3 });
      this.gzip.pipe(this.response);
    }
    this.response.writeHead(200);
  }

  private failWithStatus(error: ClickHouseError): void {
    this.setCommonHeaders('TabSeparated');
    this.response.setHeader('X-ClickHouse-Exception-Code', String(error.code));
    if (error.httpStatus === 503) this.response.setHeader('Retry-After', '1');
    // What is left of a refused body is not read: the connection ends with the answer.
    if (!this.response.req.complete) this.response.setHeader('Connection', 'close');
    this.response.writeHead(error.httpStatus).end(`${error.message}\n`);
  }

  private failInStream(error: ClickHouseError): void {
    const text = `${error.message}\n`;
    const marked = `\r\n__exception__\r\n${this.exceptionTag}\r\n${text}${Buffer.byteLength(text)} ${this.exceptionTag}\r\n__exception__\r\n`;
    const breakOff = (): unknown => this.response.destroy();
    if (!this.gzip) this.response.write(marked, breakOff);
    else {
      this.gzip.write(marked);
      this.gzip.flush(constants.Z_SYNC_FLUSH, () => setImmediate(breakOff));
    }
  }

  private setCommonHeaders(format: string): void {
    this.response.setHeader('X-ClickHouse-Query-Id', this.options.queryId);
    this.response.setHeader('X-ClickHouse-Format', format);
    this.response.setHeader('X-ClickHouse-Timezone', 'UTC');
    this.response.setHeader('X-ClickHouse-Server-Display-Name', 'embedded-clickhouse');
    this.response.setHeader('Content-Type', CONTENT_TYPES[format] ?? 'text/plain; charset=UTF-8');
  }
}

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  TabSeparated: 'text/tab-separated-values; charset=UTF-8',
  CSV: 'text/csv; charset=UTF-8; header=absent',
  CSVWithNames: 'text/csv; charset=UTF-8; header=present',
  JSON: 'application/json; charset=UTF-8',
  JSONCompact: 'application/json; charset=UTF-8',
  JSONEachRow: 'application/x-ndjson; charset=UTF-8',
  JSONCompactEachRow: 'application/x-ndjson; charset=UTF-8',
  RowBinary: 'application/octet-stream',
  Native: 'application/octet-stream',
};

/** Numbers are strings, as the server writes them. */
function summary({ rows, bytes, elapsedSeconds }: EngineStatistics, written: boolean): string {
  return JSON.stringify({
    read_rows: String(rows),
    read_bytes: String(bytes),
    written_rows: String(written ? rows : 0),
    written_bytes: String(written ? bytes : 0),
    total_rows_to_read: '0',
    result_rows: String(rows),
    result_bytes: String(bytes),
    elapsed_ns: String(Math.round(elapsedSeconds * 1e9)),
  });
}
