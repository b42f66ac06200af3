import { findXgboost, repositoryFolder, startLine, xgboostEnvironment, type Say } from '@sp/testing';
import { join } from 'node:path';

export interface OwnLine {
  readonly ingestUrl: string;
  readonly clickhouseUrl: string;
  /** Also the dashboard. */
  readonly monitorUrl: string;
  stop(): Promise<void>;
}

/** A whole line for this replay alone, in its own folder, on free ports, whose clock is the events' time. */
export async function startOwnLine(folder: string, provenance: string | undefined, say: Say): Promise<OwnLine> {
  const xgboost = await findXgboost(join(repositoryFolder(), '.cache'), say);
  const env = { LOG_LEVEL: process.env['LOG_LEVEL'] ?? 'error', PROVENANCE: `A replay${provenance ? `: ${provenance}` : ''}`, ...xgboostEnvironment(xgboost) };
  const line = await startLine({ folder, clock: 'events', ports: 'free', sync: 'default', env, onProgress: say });
  return { ingestUrl: line.urls.ingest, clickhouseUrl: line.urls.clickhouse, monitorUrl: line.urls.monitor, stop: () => line.stop(say) };
}
