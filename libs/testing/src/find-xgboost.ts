import { createRequire } from 'node:module';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fillOnce } from './cache-entry';
import { hasDebianArchive, unpackDebianPackages } from './debian-packages';
import { findOnPath } from './find-on-path';
import { runToEnd } from './run-to-end';

export interface XgboostLibrary {
  readonly xgboost: string;
  /** Debian's XGBoost wants it loaded first, globally. */
  readonly dmlc?: string;
  /** A folder for the loader, where the machine itself lacks OpenMP's run-time library. */
  readonly loaderFolder?: string;
}

type Say = (line: string) => void;

/**
 * XGBoost's C library: XGBOOST_LIBRARY (and DMLC_LIBRARY) if set, else Homebrew's, else the project's cache, filled from the
 * machine's own archive. Undefined, with the reason told, when it is not to be had: everything but training works without.
 */
export async function findXgboost(cacheFolder: string, onProgress: Say = () => undefined): Promise<XgboostLibrary | undefined> {
  try {
    const found = fromEnvironment() ?? (await fromBrew(onProgress)) ?? (await fromCache(resolve(cacheFolder, 'xgboost'), onProgress));
    if (!found) onProgress('xgboost: this machine has neither Debian\'s archive nor Homebrew; set XGBOOST_LIBRARY to train models');
    return found;
  } catch (error) {
    onProgress(`xgboost is not to be had, so no models are trained here: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}

/** What a process that trains needs in its environment; LD_LIBRARY_PATH only counts when set before it starts. */
export function xgboostEnvironment(library: XgboostLibrary | undefined): Record<string, string> {
  if (!library) return {};
  const loader = [library.loaderFolder, process.env.LD_LIBRARY_PATH].filter(Boolean).join(':');
  return {
    XGBOOST_LIBRARY: library.xgboost,
    ...(library.dmlc ? { DMLC_LIBRARY: library.dmlc } : {}),
    ...(library.loaderFolder ? { LD_LIBRARY_PATH: loader } : {}),
  };
}

function fromEnvironment(): XgboostLibrary | undefined {
  const { XGBOOST_LIBRARY, DMLC_LIBRARY } = process.env;
  if (!XGBOOST_LIBRARY) return undefined;
  return { xgboost: XGBOOST_LIBRARY, ...(DMLC_LIBRARY ? { dmlc: DMLC_LIBRARY } : {}) };
}

async function fromBrew(say: Say): Promise<XgboostLibrary | undefined> {
  if (process.platform !== 'darwin' || !(await findOnPath('brew'))) return undefined;
  const prefix = (await runToEnd({ name: 'brew', command: 'brew', args: ['--prefix', 'xgboost'] })).trim();
  const xgboost = join(prefix, 'lib/libxgboost.dylib');
  if (!existsSync(xgboost)) {
    say('xgboost: brew install xgboost');
    await runToEnd({ name: 'brew install xgboost', command: 'brew', args: ['install', 'xgboost'] });
  }
  return { xgboost };
}

async function fromCache(folder: string, say: Say): Promise<XgboostLibrary | undefined> {
  if (!existsSync(join(folder, 'libxgboost.so.0'))) {
    if (!(await hasDebianArchive())) return undefined;
    say("xgboost: fetching the archive's libxgboost0, without root");
    await rm(folder, { recursive: true, force: true });
    await fillOnce(folder, unpackLibraries);
  }
  const library = { xgboost: join(folder, 'libxgboost.so.0'), dmlc: join(folder, 'libdmlc.so.0') };
  if (await loads(library)) return library;
  const withLoader = { ...library, loaderFolder: folder };
  return (await loads(withLoader, say)) ? withLoader : undefined;
}

/** libgomp1 too: a small image has no OpenMP run-time library. */
async function unpackLibraries(work: string): Promise<string> {
  await unpackDebianPackages(work, [{ name: 'libxgboost0' }, { name: 'libdmlc0' }, { name: 'libgomp1' }]);
  const entry = join(work, 'entry');
  await mkdir(entry);
  for (const path of await readdir(join(work, 'unpacked'), { recursive: true })) {
    const name = path.slice(path.lastIndexOf('/') + 1);
    if (/^lib(xgboost|dmlc|gomp)\.so/.test(name)) await rename(join(work, 'unpacked', path), join(entry, name));
  }
  return entry;
}

/** Tried in a child: a library that does not fit may take its process down, and the loader's folder counts only at a start. */
async function loads(library: XgboostLibrary, say: Say = () => undefined): Promise<boolean> {
  const koffi = createRequire(import.meta.url).resolve('koffi');
  const script = `const koffi = require(${JSON.stringify(koffi)});
    koffi.load(process.env.DMLC_LIBRARY, { global: true });
    koffi.load(process.env.XGBOOST_LIBRARY).func('int XGBGetLastError()');`;
  const check = runToEnd({ name: 'loading xgboost', command: process.execPath, args: ['-e', script], env: xgboostEnvironment(library) });
  return check.then(() => true, (error: unknown) => {
    say(error instanceof Error ? error.message : String(error));
    return false;
  });
}
