import { setTimeout as delay } from 'node:timers/promises';
import type { AutomaticChange, AutomaticChanges, DecisionSummary, Experiments, Incident, Overview, ReviewCase } from '@sp/contracts';

/** More clients than this are not asked for one by one: a fixed sample of them tells as much. */
const mostAsked = 4_000;
const askedAtOnce = 4;
const longestWaitMs = 60_000;

/** Reads what the system says of itself, by its public doors only. */
export class MonitorDoor {
  constructor(private readonly url: string) {}

  /** Until the figures have come as far as the events that were sent; bounded. */
  async caughtUp(sentUntilMs: number): Promise<void> {
    for (const untilMs = Date.now() + longestWaitMs; Date.now() < untilMs; await delay(1_000)) {
      const overview = await this.get<Overview>('/v1/overview');
      if ((overview?.newestEventMs ?? 0) >= sentUntilMs) return;
    }
  }

  /** By client id, as the latest decision says; who was never decided on, the same in every arm, is in no arm. */
  async arms(clientIds: readonly string[]): Promise<Map<string, string>> {
    const asked = sampled(clientIds);
    const arms = new Map<string, string>();
    const next = asked.values();
    const ask = async (): Promise<void> => {
      for (const clientId of next) {
        const [latest] = (await this.get<DecisionSummary[]>(`/v1/decisions?limit=1&client=${encodeURIComponent(clientId)}`)) ?? [];
        if (latest) arms.set(clientId, latest.arm);
      }
    };
    await Promise.all(Array.from({ length: askedAtOnce }, ask));
    return arms;
  }

  experiments(): Promise<Experiments | undefined> {
    return this.get<Experiments>('/v1/experiments');
  }

  /** All incidents, once the signals have been judged as far as that time; bounded. */
  async incidents(sentUntilMs: number): Promise<readonly Incident[] | undefined> {
    interface Answer { readonly judgedUntilMs?: number; readonly incidents: readonly Incident[] }
    let answer = await this.get<Answer>('/v1/incidents');
    for (const untilMs = Date.now() + longestWaitMs; Date.now() < untilMs && (answer?.judgedUntilMs ?? 0) < sentUntilMs; answer = await this.get<Answer>('/v1/incidents')) await delay(1_000);
    return answer?.incidents;
  }

  reviewCases(): Promise<ReviewCase[] | undefined> {
    return this.get<ReviewCase[]>('/v1/review-cases');
  }

  /** What the line has changed by itself, the oldest first. */
  async automaticChanges(): Promise<readonly AutomaticChange[]> {
    return [...((await this.get<AutomaticChanges>('/v1/automatic-changes'))?.changes ?? [])].reverse();
  }

  private async get<T>(path: string): Promise<T | undefined> {
    try {
      const answer = await fetch(new URL(path, this.url), { signal: AbortSignal.timeout(30_000) });
      return answer.ok ? ((await answer.json()) as T) : undefined;
    } catch {
      return undefined;
    }
  }
}

/** Every so many-th: ids say nothing about their clients. */
function sampled(clientIds: readonly string[]): readonly string[] {
  const every = Math.ceil(clientIds.length / mostAsked);
  return clientIds.filter((_, place) => place % every === 0);
}
