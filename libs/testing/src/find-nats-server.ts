import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fillOnce } from './cache-entry';
import { hasDebianArchive, unpackDebianPackages } from './debian-packages';
import { findOnPath, isExecutable } from './find-on-path';
import { Refusal } from './refusal';
import { runToEnd } from './run-to-end';

/** Older ones lack `sync_interval: always`, and 2.10.20 to 2.10.22 lose whole streams. */
const LEAST_VERSION = [2, 10, 23] as const;
const DEBIAN_SUITE = 'trixie';
const GO_PACKAGE = 'github.com/nats-io/nats-server/v2@v2.10.27';

type Say = (line: string) => void;

/**
 * A nats-server that is new enough: NATS_SERVER if set, else the one on PATH, else the project's cache, filled from what this
 * machine has (Debian's archive, Homebrew or Go).
 */
export async function findNatsServer(cacheFolder: string, onProgress: Say = () => undefined): Promise<string> {
  const given = process.env.NATS_SERVER;
  if (given) return requireNew(given, 'NATS_SERVER');
  const onPath = await findOnPath('nats-server');
  if (onPath && (await isNewEnough(onPath))) return onPath;
  const folder = resolve(cacheFolder, 'nats-server');
  const cached = join(folder, 'nats-server');
  if (await isExecutable(cached)) return cached;
  return (await fetchServer(folder, onProgress)) ?? refuse();
}

async function fetchServer(folder: string, say: Say): Promise<string | undefined> {
  await rm(folder, { recursive: true, force: true });
  if (await hasDebianArchive()) {
    const failure = await attempt(() => fromDebian(folder, say));
    if (failure === undefined) return join(folder, 'nats-server');
    say(`nats-server did not come from the machine's own archive: ${failure}`);
  }
  if (await findOnPath('brew')) {
    say('nats-server: brew install nats-server');
    if ((await attempt(() => runToEnd({ name: 'brew', command: 'brew', args: ['install', 'nats-server'] }))) === undefined) return findOnPath('nats-server');
  }
  if (await findOnPath('go')) {
    const failure = await attempt(() => fromGo(folder, say));
    if (failure === undefined) return join(folder, 'nats-server');
  }
  return undefined;
}

async function fromDebian(folder: string, say: Say): Promise<void> {
  say(`nats-server: fetching Debian's package (${DEBIAN_SUITE}), without root`);
  await fillOnce(folder, async (work) => {
    await unpackDebianPackages(work, [{ name: 'nats-server', suite: DEBIAN_SUITE }]);
    const unpacked = ['usr/sbin', 'usr/bin'].map((bin) => join(work, 'unpacked', bin, 'nats-server')).find((file) => existsSync(file));
    const entry = join(work, 'entry');
    await mkdir(entry);
    await rename(await requireNew(unpacked ?? '', 'the package'), join(entry, 'nats-server'));
    return entry;
  });
}

async function fromGo(folder: string, say: Say): Promise<void> {
  say(`nats-server: go install ${GO_PACKAGE}`);
  await fillOnce(folder, async (work) => {
    await runToEnd({ name: 'go install', command: 'go', args: ['install', GO_PACKAGE], env: { GOBIN: work, GOFLAGS: '-modcacherw' } });
    return work;
  });
}

async function requireNew(file: string, source: string): Promise<string> {
  if (await isNewEnough(file)) return file;
  throw new Refusal(`${source} gives no nats-server ${LEAST_VERSION.join('.')} or later (${file || 'none'}): install one.`);
}

async function isNewEnough(file: string): Promise<boolean> {
  const said = await runToEnd({ name: 'nats-server', command: file, args: ['--version'] }).catch(() => '');
  return isVersionAtLeast(said, LEAST_VERSION);
}

export function isVersionAtLeast(said: string, least: readonly [number, number, number]): boolean {
  const found = /(\d+)\.(\d+)\.(\d+)/.exec(said)?.slice(1).map(Number);
  if (!found) return false;
  const place = least.findIndex((number, at) => found[at] !== number);
  return place === -1 || (found[place] ?? 0) > (least[place] ?? 0);
}

async function attempt(work: () => Promise<unknown>): Promise<string | undefined> {
  return work().then(() => undefined, (error: unknown) => (error instanceof Error ? error.message : String(error)));
}

function refuse(): never {
  throw new Refusal(
    `nats-server ${LEAST_VERSION.join('.')} or later is missing: type "brew install nats-server" or "go install ${GO_PACKAGE}", or set NATS_SERVER to its path.`,
  );
}
