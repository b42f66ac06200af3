/** What the front and the engine's process say to each other. */
export interface EngineQuery {
  readonly sql: string;
  readonly format: string;
  /** `streamed` for row formats, whose pieces may be cut anywhere between rows; `whole` for the rest. */
  readonly answer: 'streamed' | 'whole';
  readonly settings: Readonly<Record<string, string>>;
  readonly database: string | undefined;
}

export interface EngineStatistics {
  readonly rows: number;
  readonly bytes: number;
  readonly elapsedSeconds: number;
}

export type ToEngine =
  | { readonly kind: 'run'; readonly id: number; readonly query: EngineQuery }
  | { readonly kind: 'more'; readonly id: number }
  | { readonly kind: 'cancel'; readonly id: number }
  | { readonly kind: 'stop' };

export type FromEngine =
  | { readonly kind: 'ready'; readonly version: string }
  | { readonly kind: 'chunk'; readonly id: number; readonly bytes: Uint8Array }
  | { readonly kind: 'done'; readonly id: number; readonly statistics: EngineStatistics }
  | { readonly kind: 'failed'; readonly id: number; readonly code: number; readonly message: string };

/** What the engine's process needs to know at its start; it travels as its first argument. */
export interface EngineOptions {
  readonly folder: string;
}
