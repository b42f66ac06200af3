/** The counts and the names in what Vitest's json reporter writes. */
export interface Checks {
  readonly passed: number;
  /** Name and what it said. */
  readonly failed: readonly Failure[];
  readonly skipped: readonly string[];
}

export interface Failure {
  readonly name: string;
  readonly said: string;
}

interface VitestReport {
  readonly testResults: readonly VitestFile[];
}

interface VitestFile {
  readonly name: string;
  readonly status: string;
  readonly message?: string;
  readonly assertionResults: readonly { readonly fullName: string; readonly status: string; readonly failureMessages?: readonly string[] | null }[];
}

/** A file that fails as a whole (it does not load, a hook throws) counts as one failed check: its tests never ran. */
export function checksOf(text: string, root: string): Checks {
  const files = (JSON.parse(text) as VitestReport).testResults.map((file) => checksOfFile(file, root));
  return {
    passed: files.reduce((sum, file) => sum + file.passed, 0),
    failed: files.flatMap((file) => file.failed),
    skipped: files.flatMap((file) => file.skipped),
  };
}

function checksOfFile({ name, status, message, assertionResults }: VitestFile, root: string): Checks {
  const file = name.startsWith(root) ? name.slice(root.length + 1) : name;
  const nameOf = (test: { readonly fullName: string }): string => `${file} > ${test.fullName}`;
  const withStatus = (...statuses: string[]) => assertionResults.filter((test) => statuses.includes(test.status));
  const failed = withStatus('failed').map((test) => ({ name: nameOf(test), said: (test.failureMessages ?? []).join('\n') }));
  const failedAsWhole = status === 'failed' && failed.length === 0 ? [{ name: file, said: message ?? '' }] : [];
  return {
    passed: withStatus('passed').length,
    failed: [...failed, ...failedAsWhole],
    skipped: withStatus('skipped', 'pending', 'todo', 'disabled').map(nameOf),
  };
}

/** The last line of `npm test`. */
export function totalLine(all: readonly Checks[]): string {
  const sum = (count: (checks: Checks) => number): number => all.reduce((total, checks) => total + count(checks), 0);
  const skipped = sum((checks) => checks.skipped.length);
  const counts = `${sum((checks) => checks.passed)} passed, ${sum((checks) => checks.failed.length)} failed`;
  return skipped === 0 ? counts : `${counts}, ${skipped} skipped`;
}
