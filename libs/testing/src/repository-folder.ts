import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Refusal } from './refusal';

/** The repository's root, found from this code itself: it runs from the sources (Vitest) and from dist (tools) alike. */
export function repositoryFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package-lock.json'))) {
    const above = dirname(folder);
    if (above === folder) throw new Refusal('The repository is not to be found: run this from a clone of it.');
    folder = above;
  }
  return folder;
}
