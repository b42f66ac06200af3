import type { Overview } from '@sp/contracts';
import type { ServerResponse } from 'node:http';
import type { Board } from './board';

const everyMs = 1000;
/** A reader that takes nothing for this long is let go; his browser comes back by itself. */
const unsentLimitBytes = 1_000_000;

/**
 * Server-sent events: the overview every second, which is the heartbeat as well, the experiments whenever they were counted anew. An event's id is the
 * newest point of the rates that it brought, so that a reader who comes back gets only what he has missed.
 */
export class LiveStream {
  private readonly readers = new Set<ServerResponse>();
  private timer: ReturnType<typeof setInterval> | undefined;
  private sentUpToMs = 0;
  private sentExperiments = '';

  constructor(
    private readonly board: Board,
    private readonly maximumReaders: number,
  ) {}

  get isFull(): boolean {
    return this.readers.size >= this.maximumReaders;
  }

  join(reader: ServerResponse, lastSeenMs: number): void {
    reader.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' });
    reader.once('close', () => this.leave(reader));
    this.readers.add(reader);
    const nowMs = Date.now();
    const overview = this.board.overview(nowMs, lastSeenMs);
    reader.write(`retry: 3000\n\n${overviewMessage(overview)}${message('experiments', this.board.experiments(nowMs))}`);
    this.refresh(nowMs);
    if (this.timer) return;
    this.sentUpToMs = overview.rates.at(-1)?.atMs ?? 0;
    this.timer = setInterval(() => this.tick(), everyMs);
  }

  stop(): void {
    for (const reader of this.readers) reader.end();
    clearInterval(this.timer);
  }

  private leave(reader: ServerResponse): void {
    this.readers.delete(reader);
    if (this.readers.size > 0) return;
    clearInterval(this.timer);
    this.timer = undefined;
  }

  private tick(): void {
    const nowMs = Date.now();
    this.refresh(nowMs);
    const overview = this.board.overview(nowMs, this.sentUpToMs);
    this.sentUpToMs = overview.rates.at(-1)?.atMs ?? this.sentUpToMs;
    this.send(overviewMessage(overview) + this.changedExperiments(nowMs));
  }

  private refresh(nowMs: number): void {
    void this.board.refreshOverview(nowMs);
    void this.board.refreshExperiments(nowMs);
  }

  private changedExperiments(nowMs: number): string {
    const experiments = this.board.experiments(nowMs);
    const version = `${experiments.freshness.state} ${experiments.freshness.asOfMs}`;
    if (version === this.sentExperiments) return '';
    this.sentExperiments = version;
    return message('experiments', experiments);
  }

  private send(text: string): void {
    for (const reader of this.readers) {
      if (reader.writableLength > unsentLimitBytes) reader.destroy();
      else reader.write(text);
    }
  }
}

function overviewMessage(overview: Overview): string {
  return message('overview', overview, overview.rates.at(-1)?.atMs);
}

function message(event: string, data: unknown, id?: number): string {
  return `event: ${event}\n${id === undefined ? '' : `id: ${id}\n`}data: ${JSON.stringify(data)}\n\n`;
}
