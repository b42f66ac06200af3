/** Every committed file that is derived from the contracts, by its path in the repository. */
export function derivedDocs(): Readonly<Record<string, string>> {
  return {};
}
