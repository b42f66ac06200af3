import { hashId } from '@sp/contracts';

/**
 * The same parts give the same id, on every machine: made of what names the fact in the bank's own system (table, key, version),
 * it lets a job that is run again send the same events, which the door then knows.
 */
export function eventIdOf(...parts: readonly (string | number)[]): string {
  if (parts.length === 0) throw new Error('an id of nothing would be the same for all events');
  return hashId('e', JSON.stringify(parts));
}
