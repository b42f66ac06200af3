import { apiUrl } from './api-url';
import type { Answer } from './use-answer';

/** Asks the server to do something, once. */
export async function postJson<T>(path: string, body: unknown): Promise<Answer<T>> {
  try {
    const response = await fetch(apiUrl(path), { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
    const answer = (await response.json()) as T & { message?: string };
    return response.ok ? { data: answer } : { problem: answer.message ?? `The server answered ${response.status}.` };
  } catch {
    return { problem: 'The server cannot be reached.' };
  }
}
