import type { Experiments, Overview, RatePoint } from '@sp/contracts';
import { useSyncExternalStore } from 'react';
import { apiUrl } from './api-url';

export interface LiveState {
  readonly connection: 'connecting' | 'live' | 'lost';
  readonly overview?: Overview;
  readonly experiments?: Experiments;
  /** The last five minutes, oldest first. */
  readonly rates: readonly RatePoint[];
  /** Wall clock of this browser when the server was last heard. */
  readonly heardAtMs?: number;
}

const keptRates = 300;
/** The server speaks every second; this long without a word means that the connection is dead, whatever the socket says. */
const silenceMs = 6000;
const retryMs = 3000;

/** One connection to monitor's stream for the whole page; it comes back by itself and takes up where it was. */
class LiveStore {
  private state: LiveState = { connection: 'connecting', rates: [] };
  private readonly listeners = new Set<() => void>();
  private source: EventSource | undefined;
  private watch: ReturnType<typeof setTimeout> | undefined;

  readonly read = (): LiveState => this.state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly connect = (): (() => void) => {
    this.open();
    return () => {
      clearTimeout(this.watch);
      this.source?.close();
      this.source = undefined;
    };
  };

  private open(): void {
    this.source?.close();
    const source = new EventSource(apiUrl('v1/stream'));
    source.addEventListener('overview', (event) => this.takeOverview(JSON.parse(event.data) as Overview));
    source.addEventListener('experiments', (event) => this.publish({ experiments: JSON.parse(event.data) as Experiments }));
    source.addEventListener('error', () => this.lose(retryMs));
    this.source = source;
    this.expectWord(silenceMs);
  }

  private takeOverview(overview: Overview): void {
    const newest = this.state.rates.at(-1)?.atMs ?? 0;
    const rates = [...this.state.rates, ...overview.rates.filter((point) => point.atMs > newest)].slice(-keptRates);
    this.publish({ connection: 'live', overview, rates, heardAtMs: Date.now() });
    this.expectWord(silenceMs);
  }

  private lose(retryInMs: number): void {
    this.publish({ connection: 'lost' });
    this.expectWord(retryInMs);
  }

  private expectWord(withinMs: number): void {
    clearTimeout(this.watch);
    this.watch = setTimeout(() => {
      this.publish({ connection: 'lost' });
      this.open();
    }, withinMs);
  }

  private publish(change: Partial<LiveState>): void {
    this.state = { ...this.state, ...change };
    for (const listener of this.listeners) listener();
  }
}

export const live = new LiveStore();

export function useLive(): LiveState {
  return useSyncExternalStore(live.subscribe, live.read);
}
