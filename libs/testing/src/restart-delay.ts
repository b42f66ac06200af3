const FIRST_MS = 500;
const LONGEST_MS = 30_000;

/** The wait before a restart doubles with each death that followed soon after the last one. */
export function restartDelayMs(quickDeaths: number): number {
  return Math.min(LONGEST_MS, FIRST_MS * 2 ** quickDeaths);
}
