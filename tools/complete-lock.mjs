/**
 * Completes package-lock.json after `npm install`: node tools/complete-lock.mjs [--check]
 *
 * A registry that does not serve another platform's binary package makes npm leave that optional package out of the lock, and
 * `npm ci` then refuses everywhere ("Missing: @chdb/lib-darwin-arm64 from lock file"). The entry follows from its parent (the
 * exact version) and from its own name (the platform), so nothing is asked of any registry. Such an entry has no integrity
 * hash, since nobody here has seen the package. Addresses of registries are removed: a lock must fit every mirror.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const SYSTEMS = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32'];
const PROCESSORS = ['arm', 'arm64', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'wasm32', 'x64'];
const LIBRARIES = { gnu: 'glibc', musl: 'musl' };

/** `{ lock, added, stripped }`: the completed lock, the names that were added and how many addresses were removed. */
export function completeLock(lock) {
  const packages = { ...lock.packages };
  const added = [];
  for (const [parentPath, parent] of Object.entries(lock.packages)) {
    for (const [name, version] of Object.entries(parent.optionalDependencies ?? {})) {
      if (isLocked(packages, parentPath, name)) continue;
      packages[freePlace(packages, parentPath, name)] = entryOf(name, version, parent);
      added.push(`${name}@${version}`);
    }
  }
  const stripped = stripAddresses(packages);
  return { lock: { ...lock, packages: sorted(packages) }, added, stripped };
}

/** Node's own look-up: the nearest node_modules upwards. */
function isLocked(packages, parentPath, name) {
  for (let folder = parentPath; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    if (packages[`${folder ? `${folder}/` : ''}node_modules/${name}`]) return true;
    if (!folder) return false;
  }
}

function freePlace(packages, parentPath, name) {
  const top = `node_modules/${name}`;
  return packages[top] ? `${parentPath}/${top}` : top;
}

function entryOf(name, version, parent) {
  if (!/^\d+\.\d+\.\d+/.test(version)) throw new Error(`${name} is wanted as "${version}", not as one version: add it to package-lock.json by hand.`);
  return {
    version,
    ...platformOf(name),
    ...(parent.dev ? { dev: true } : {}),
    ...(parent.devOptional ? { devOptional: true } : {}),
    ...(parent.license ? { license: parent.license } : {}),
    optional: true,
  };
}

/** Reads `…-linux-arm64-gnu` and the like; a name that says no platform is not ours to guess. */
export function platformOf(name) {
  const words = name.split(/[/-]/);
  const os = SYSTEMS.find((system) => words.includes(system));
  const cpu = PROCESSORS.find((processor) => words.includes(processor));
  if (!os && cpu !== 'wasm32') throw new Error(`${name} names no platform: add it to package-lock.json by hand.`);
  const library = LIBRARIES[words.at(-1)];
  return { ...(cpu ? { cpu: [cpu] } : {}), ...(os === 'linux' && library ? { libc: [library] } : {}), ...(os ? { os: [os] } : {}) };
}

function stripAddresses(packages) {
  let stripped = 0;
  for (const entry of Object.values(packages)) {
    if (!entry.resolved || entry.link || !/^https?:/.test(entry.resolved)) continue;
    delete entry.resolved;
    stripped += 1;
  }
  return stripped;
}

/** npm's own order, so that its next `install` changes nothing but what changed. */
function sorted(packages) {
  return Object.fromEntries(Object.entries(packages).sort(([left], [right]) => left.localeCompare(right, 'en')));
}

function main(check) {
  const text = readFileSync('package-lock.json', 'utf8');
  const { lock, added, stripped } = completeLock(JSON.parse(text));
  const said = `${added.length} optional packages added, ${stripped} addresses removed`;
  if (added.length + stripped === 0) return console.log('package-lock.json is complete');
  if (check) {
    console.error(`package-lock.json is incomplete (${said}); run: node tools/complete-lock.mjs\n  ${added.join('\n  ')}`);
    process.exitCode = 1;
    return;
  }
  writeFileSync('package-lock.json', `${JSON.stringify(lock, null, 2)}\n`);
  console.log(`package-lock.json: ${said}`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) main(process.argv.includes('--check'));
