/** Parts of this process that must be ready before it says so; `undefined` is ready, a text says why not. */
const checks = new Map<string, () => string | undefined>();

export function registerReadiness(part: string, check: () => string | undefined): void {
  checks.set(part, check);
}

export function notReady(): Readonly<Record<string, string>> {
  const reasons: Record<string, string> = {};
  for (const [part, check] of checks) {
    const reason = check();
    if (reason !== undefined) reasons[part] = reason;
  }
  return reasons;
}
