import type { LineEvent } from '@sp/contracts';

/** In event time; a source that repeats itself does so at once. */
const windowMs = 600_000;
/** Bounds the memory, at about 200 bytes each. */
const mostContents = 100_000;

/**
 * What was said in the last minutes, whoever said it under which id: the same type, client, moment and data are the same fact.
 * In memory alone: after a restart the window begins empty, and identities go on being known.
 */
export class RecentContents {
  readonly #known = new Map<string, { readonly id: string; readonly timeMs: number }>();
  #newestMs = 0;

  /** The id under which this very fact is known, if it is another one. */
  otherIdOf(event: LineEvent): string | undefined {
    const known = this.#known.get(contentOf(event));
    return known && known.id !== nameOf(event) && known.timeMs >= this.#newestMs - windowMs ? known.id : undefined;
  }

  /** The fact was said. */
  note(event: LineEvent): void {
    this.#newestMs = Math.max(this.#newestMs, event.timeMs);
    const content = contentOf(event);
    if (!this.#known.has(content)) this.#known.set(content, { id: nameOf(event), timeMs: event.timeMs });
    if (this.#known.size > mostContents) this.#forgetOldest();
  }

  /** It did not come into the line. */
  forget(event: LineEvent): void {
    const content = contentOf(event);
    if (this.#known.get(content)?.id === nameOf(event)) this.#known.delete(content);
  }

  /** The oldest by arrival, a tenth at once. */
  #forgetOldest(): void {
    let left = mostContents / 10;
    for (const content of this.#known.keys()) {
      if (left-- <= 0) break;
      this.#known.delete(content);
    }
  }
}

function contentOf({ type, source, subject, timeMs, data }: LineEvent): string {
  return `${type}\u001f${source}\u001f${subject}\u001f${timeMs}\u001f${JSON.stringify(data)}`;
}

function nameOf({ source, id }: LineEvent): string {
  return `${source}\u001f${id}`;
}
