import type { Finding } from './case';

/** Fixed columns; the note stands at the end because it may be long. */
export function findingsTable(findings: readonly Finding[]): string {
  const cells = findings.map((finding) => [finding.case, finding.metric, shown(finding.ours), referencesOf(finding), aimOf(finding), finding.note]);
  const rows = [['case', 'metric', 'ours', 'beside', 'aim', 'note'], ...cells];
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const judged = findings.filter(({ aim }) => aim !== undefined);
  const lines = rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ').trimEnd());
  return `${lines.join('\n')}\n\n${judged.filter(({ aim }) => aim?.met).length} of ${judged.length} aims met\n`;
}

function shown(value: number): string {
  return Number.isNaN(value) ? '-' : Math.abs(value) >= 1 ? value.toFixed(2) : value.toFixed(4);
}

function referencesOf({ references }: Finding): string {
  return Object.entries(references).map(([name, value]) => `${name} ${shown(value)}`).join(', ') || '-';
}

function aimOf({ aim }: Finding): string {
  return aim === undefined ? '-' : `${aim.met ? 'met' : 'MISSED'}: ${aim.text}`;
}
