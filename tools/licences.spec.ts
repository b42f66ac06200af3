import { repositoryFolder } from '@sp/testing';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

interface LockedPackage {
  readonly version: string;
  readonly license?: string;
  readonly dev?: boolean;
  readonly devOptional?: boolean;
  readonly hasInstallScript?: boolean;
}

const read = <T>(file: string): T => JSON.parse(readFileSync(join(repositoryFolder(), file), 'utf8')) as T;
const { packages } = read<{ packages: Record<string, LockedPackage> }>('package-lock.json');
const shipped = Object.entries(packages).filter(([path, { dev, devOptional }]) => path !== '' && !dev && !devOptional);

/** A bank may run these without a duty towards its own code. */
const allowed = new Set(['MIT', 'Apache-2.0', 'Apache-2.0 AND BSL-1.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', 'BlueOak-1.0.0', '0BSD', 'Unlicense', '(MIT OR CC0-1.0)']);

it('ships packages under permissive licences only', () => {
  expect(shipped.length).toBeGreaterThan(100);
  for (const [path, { license }] of shipped) expect.soft(allowed, `${path}: ${license}`).toContain(license);
});

it('says of every package that has an install script whether it may run', () => {
  const { allowScripts } = read<{ allowScripts: Record<string, boolean> }>('package.json');
  for (const [path, { hasInstallScript }] of Object.entries(packages)) {
    if (hasInstallScript) expect.soft(allowScripts, path).toHaveProperty([path.slice(path.lastIndexOf('node_modules/') + 13)]);
  }
});
