/** Works until the signal aborts; after an error (the outside is away) it begins again, each time later, from wherever its position says. */
export async function keepTrying(signal: AbortSignal, work: () => Promise<void>, onError: (error: unknown) => void = () => undefined): Promise<void> {
  for (let attempt = 1; !signal.aborted; attempt++) {
    try {
      await work();
    } catch (error) {
      if (signal.aborted) return;
      onError(error);
    }
    if (!signal.aborted) await pauseBeforeRetry(attempt);
  }
}

/** Grows from 40 ms to 2 s: what is away is waited for, not hammered. */
export function pauseBeforeRetry(attempt: number): Promise<void> {
  return new Promise((resume) => setTimeout(resume, Math.min(2_000, 20 * 2 ** attempt)));
}
