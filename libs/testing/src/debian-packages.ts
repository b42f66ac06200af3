import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findOnPath } from './find-on-path';
import { Refusal } from './refusal';
import { runToEnd } from './run-to-end';

export interface DebianPackage {
  readonly name: string;
  /** A suite's code name; the machine's own one when not given. */
  readonly suite?: string;
}

interface Distribution {
  readonly id: string;
  readonly codeName: string;
}

/**
 * Unpacks packages into a folder: no root, nothing installed, and the address is the machine's own archive.
 * Everything that apt writes stays in `folder`; the machine's package state is neither read nor changed.
 */
export async function unpackDebianPackages(folder: string, packages: readonly DebianPackage[]): Promise<void> {
  const own = await ownDistribution();
  const wanted = packages.map(({ name, suite = own.codeName }) => ({ name, suite }));
  const options = await privateApt(folder, own, new Set(wanted.map(({ suite }) => suite)));
  await runToEnd({ name: 'apt-get update', command: 'apt-get', args: [...options, '-q', 'update'], cwd: folder });
  const names = wanted.map(({ name, suite }) => `${name}/${suite}`);
  await runToEnd({ name: 'apt-get download', command: 'apt-get', args: [...options, '-q', 'download', ...names], cwd: folder });
  for (const file of (await readdir(folder)).filter((name) => name.endsWith('.deb'))) {
    await runToEnd({ name: 'dpkg -x', command: 'dpkg', args: ['-x', file, 'unpacked'], cwd: folder });
  }
}

export async function hasDebianArchive(): Promise<boolean> {
  return existsSync('/etc/os-release') && (await findOnPath('apt-get')) !== undefined && (await findOnPath('dpkg')) !== undefined;
}

async function ownDistribution(): Promise<Distribution> {
  const text = await readFile('/etc/os-release', 'utf8');
  const field = (name: string): string => new RegExp(`^${name}="?([^"\\n]*)"?$`, 'm').exec(text)?.[1] ?? '';
  return { id: field('ID'), codeName: field('VERSION_CODENAME') };
}

async function privateApt(folder: string, own: Distribution, suites: ReadonlySet<string>): Promise<string[]> {
  for (const part of ['lists/partial', 'cache/archives/partial', 'unpacked']) await mkdir(join(folder, part), { recursive: true });
  await writeFile(join(folder, 'status'), '');
  await writeFile(join(folder, 'sources.list'), await sourcesFor(own, suites));
  const settings = {
    'Dir::Etc::sourcelist': join(folder, 'sources.list'),
    'Dir::Etc::sourceparts': '-',
    'Dir::State::Lists': join(folder, 'lists'),
    'Dir::State::status': join(folder, 'status'),
    'Dir::Cache': join(folder, 'cache'),
    'APT::Sandbox::User': '',
    'Acquire::Languages': 'none',
  };
  return Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
}

async function sourcesFor(own: Distribution, suites: ReadonlySet<string>): Promise<string> {
  const site = await ownSite(own);
  const keyring = `/usr/share/keyrings/${own.id}-archive-keyring.gpg`;
  const signed = existsSync(keyring) ? `[signed-by=${keyring}] ` : '';
  const components = own.id === 'ubuntu' ? 'main universe' : 'main';
  return [...suites].map((suite) => `deb ${signed}${site} ${suite} ${components}\n`).join('');
}

async function ownSite({ codeName }: Distribution): Promise<string> {
  const targets = await runToEnd({ name: 'apt-get indextargets', command: 'apt-get', args: ['indextargets', '--format', '$(SITE)|$(RELEASE)'] });
  const own = targets.split('\n').find((line) => line.endsWith(`|${codeName}`));
  if (!own) throw new Refusal(`apt knows no archive of ${codeName}: mend /etc/apt/sources.list.`);
  return own.slice(0, own.lastIndexOf('|'));
}
