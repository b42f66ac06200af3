/** First and last line position of a flush, both included. */
export interface FlushRange {
  readonly from: number;
  readonly to: number;
}

export interface SinkRow<Row> {
  readonly table: string;
  readonly row: Row;
}

export interface SinkBlock<Row> {
  readonly table: string;
  readonly rows: readonly Row[];
}

/** One block for each table that has rows, all under one token. */
export interface SinkFlush<Row> extends FlushRange {
  readonly token: string;
  readonly blocks: readonly SinkBlock<Row>[];
}

export interface SinkBufferOptions {
  readonly sink: string;
  readonly partition: number;
  /** A flush is due from so many rows on; a frame is never split, so a block may be larger by one frame. */
  readonly maxRows: number;
  /** The highest stored position of each table: rows up to it are stored already. */
  readonly stored?: ReadonlyMap<string, number>;
  /** A flush that was begun before the last stop: it is repeated with exactly its range, so that its token finds the same block. */
  readonly unfinished?: FlushRange | undefined;
}

/** Gathers the rows of whole frames into blocks. Pure: it neither reads nor writes, whoever owns it does. */
export class SinkBuffer<Row> {
  private readonly rowsByTable = new Map<string, Row[]>();
  private rowCount = 0;
  private from: number | undefined;
  private to: number | undefined;
  private unfinished: FlushRange | undefined;

  constructor(private readonly options: SinkBufferOptions) {
    this.unfinished = options.unfinished;
  }

  /** Takes a frame's rows; frames come in the order of their positions, those without rows too. */
  add(position: number, rows: readonly SinkRow<Row>[]): void {
    if (this.to !== undefined && position <= this.to) throw new Error(`frame ${position} came after frame ${this.to}`);
    if (this.unfinished && position < this.unfinished.from) return;
    this.from ??= position;
    this.to = position;
    for (const { table, row } of rows) if (!this.isStored(table, position)) this.keep(table, row);
  }

  /** True when the owner should take and store what is gathered. An unfinished flush is due at its own end, not before and not later. */
  get isDue(): boolean {
    if (this.to === undefined) return false;
    return this.unfinished ? this.to >= this.unfinished.to : this.rowCount >= this.options.maxRows;
  }

  /** Hands out what is gathered, undefined if no frame came. Taken earlier than due (on a pause) it would break up an unfinished flush, so that waits. */
  take(): SinkFlush<Row> | undefined {
    if (this.from === undefined || this.to === undefined || (this.unfinished && !this.isDue)) return undefined;
    const { sink, partition } = this.options;
    const blocks = [...this.rowsByTable].map(([table, rows]) => ({ table, rows }));
    const flush = { from: this.from, to: this.to, token: `${sink}:${partition}:${this.to}`, blocks };
    this.rowsByTable.clear();
    this.rowCount = 0;
    this.from = undefined;
    this.unfinished = undefined;
    return flush;
  }

  /** Inside an unfinished flush nothing counts as stored: its views may lack what its table has, and the token sorts it out. */
  private isStored(table: string, position: number): boolean {
    return !this.unfinished && position <= (this.options.stored?.get(table) ?? -1);
  }

  private keep(table: string, row: Row): void {
    const rows = this.rowsByTable.get(table);
    if (rows) rows.push(row);
    else this.rowsByTable.set(table, [row]);
    this.rowCount++;
  }
}
