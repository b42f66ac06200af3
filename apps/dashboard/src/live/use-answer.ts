import { useEffect, useState } from 'react';
import { apiUrl } from './api-url';

export interface Answer<T> {
  readonly data?: T;
  /** A sentence of the server's, or of the network's failing. */
  readonly problem?: string;
}

/** Asks now and then again every `everyMs` (0: once) while the page is seen and not `held`; an older answer stays while a newer one fails. */
export function useAnswer<T>(path: string, everyMs: number, held = false): Answer<T> {
  const [answer, setAnswer] = useState<Answer<T> & { readonly path?: string }>({});
  const still = held && answer.path === path;
  useEffect(() => {
    if (still) return undefined;
    const control = new AbortController();
    const ask = async (): Promise<void> => {
      if (document.hidden) return;
      const next = await request<T>(path, control.signal);
      if (!control.signal.aborted) setAnswer((before) => ({ path, ...(before.path === path ? before : {}), problem: undefined, ...next }));
    };
    void ask();
    const timer = everyMs > 0 ? setInterval(() => void ask(), everyMs) : undefined;
    return () => {
      control.abort();
      clearInterval(timer);
    };
  }, [path, everyMs, still]);
  return answer.path === path ? answer : {};
}

async function request<T>(path: string, signal: AbortSignal): Promise<Answer<T>> {
  try {
    const response = await fetch(apiUrl(path), { signal });
    const body = (await response.json()) as T & { message?: string };
    return response.ok ? { data: body } : { problem: body.message ?? `The server answered ${response.status}.` };
  } catch {
    return { problem: 'The server cannot be reached.' };
  }
}
