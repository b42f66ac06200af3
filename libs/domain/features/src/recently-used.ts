/** Adds an entry to a bounded list; beyond the bound the one that was used longest ago leaves, be it the new one. */
export function addRecentlyUsed<T extends { readonly lastMs: number }>(entries: T[], entry: T, limit: number): void {
  entries.push(entry);
  if (entries.length <= limit) return;
  let oldest = 0;
  for (let row = 1; row < entries.length; row++) if ((entries[row]?.lastMs ?? 0) < (entries[oldest]?.lastMs ?? 0)) oldest = row;
  entries.splice(oldest, 1);
}
