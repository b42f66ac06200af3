export type Say = (line: string) => void;

/** Does one step and says it in one line with its seconds when it is done. */
export async function timed<T>(say: Say, name: string, detail: string, work: () => Promise<T>): Promise<T> {
  const startedAtMs = performance.now();
  const done = await work();
  say(`${name.padEnd(16)}${detail} … ${((performance.now() - startedAtMs) / 1000).toFixed(1)} s`);
  return done;
}
