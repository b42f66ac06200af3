/**
 * The door of every npm script: node tools/launch.mjs <tool> [args] | build | serve <app>
 *
 * It works in a clean clone, so it is plain JavaScript without dependencies: installs when node_modules does not match
 * package-lock.json, builds when the sources have changed, runs the tool in a child. A SIGTERM sent to `npm start` ends npm but
 * never reaches us, so the launcher also watches its parents and ends the child when they are gone.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const LEAST_NODE = [20, 12];
const INSTALLED = join(ROOT, 'node_modules/.smart-purchases-lock');
const BUILT = join(ROOT, 'dist/.input-hash');
const VITE = join(ROOT, 'node_modules/vite/bin/vite.js');
const DASHBOARD_CONFIG = 'apps/dashboard/vite.config.ts';
/** Longer than the tools need to stop everything in order. */
const STOP_GRACE_MS = 45_000;

/** What a person can mend; everything else is a bug and keeps its stack. */
class Refusal extends Error {}

const children = new Set();

async function main([name, ...args]) {
  requireNode();
  endWithParents();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => stopChildren(signal === 'SIGHUP' ? 'SIGTERM' : signal));
  requireName(name);
  await install();
  if (name === 'serve') return serve(args);
  await build();
  return name === 'build' ? 0 : runTool(name, args);
}

function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > LEAST_NODE[0] || (major === LEAST_NODE[0] && minor >= LEAST_NODE[1])) return;
  throw new Refusal(`Node.js ${process.versions.node} is too old: install ${LEAST_NODE.join('.')} or later.`);
}

function requireName(name) {
  const names = [...toolNames(), 'build', 'serve'];
  if (!name) throw new Refusal(`Say what to run: ${names.join(', ')}.`);
  if (!names.includes(name)) throw new Refusal(`There is no tool "${name}": choose one of ${names.join(', ')}.`);
}

async function install() {
  const hash = hashOf([join(ROOT, 'package-lock.json')]);
  if (readIfThere(INSTALLED) === hash) return;
  if (!installedByHand()) {
    await step('install', 'packages of package-lock.json', async () => {
      const { code, output } = await runQuietly(...npmCi(), { ONNXRUNTIME_NODE_INSTALL: 'skip', ONNXRUNTIME_NODE_INSTALL_CUDA: 'skip' });
      if (code !== 0) throw new Refusal(`npm ci failed (${firstNpmError(output)}): mend that and run the command again.`);
    });
  }
  writeFileSync(INSTALLED, hash);
}

/** Somebody may have run `npm ci` himself: npm's own record then names the same versions. */
function installedByHand() {
  const record = readIfThere(join(ROOT, 'node_modules/.package-lock.json'));
  if (!record) return false;
  const installed = JSON.parse(record).packages;
  const wanted = Object.entries(JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')).packages);
  return wanted.every(([path, entry]) => !path || entry.optional || entry.devOptional || installed[path]?.version === entry.version);
}

/** Started by npm, we run that same npm; the build needs the dev dependencies whatever NODE_ENV says. */
function npmCi() {
  const args = ['ci', '--include=dev', '--no-progress'];
  const npm = process.env['npm_execpath'];
  return npm?.endsWith('.js') ? [process.execPath, [npm, ...args]] : [process.platform === 'win32' ? 'npm.cmd' : 'npm', args];
}

function firstNpmError(output) {
  const lines = output.split('\n').filter((line) => /^npm (error|ERR!) /.test(line));
  return (lines.find((line) => !/ (code|errno|syscall|path) /.test(line)) ?? lines[0] ?? 'npm said nothing').replace(/^npm (error|ERR!) /, '').slice(0, 200);
}

async function build() {
  const hash = hashOf(buildInputs());
  const dashboard = existsSync(join(ROOT, DASHBOARD_CONFIG));
  const there = existsSync(join(ROOT, 'dist/services')) && (!dashboard || existsSync(join(ROOT, 'dist/dashboard')));
  if (there && readIfThere(BUILT) === hash) return;
  rmSync(BUILT, { force: true });
  await step('build', dashboard ? 'services, tools and dashboard' : 'services and tools', () =>
    Promise.all([viteBuild('vite.services.config.ts'), ...(dashboard ? [viteBuild(DASHBOARD_CONFIG)] : [])]),
  );
  mkdirSync(dirname(BUILT), { recursive: true });
  writeFileSync(BUILT, hash);
}

async function viteBuild(config) {
  const { code, output } = await runQuietly(process.execPath, [VITE, 'build', '-c', config]);
  if (code === 0) return;
  process.stderr.write(`\n${output}\n`);
  throw new Refusal(`The build of ${config} failed: mend what is said above and run the command again.`);
}

/** Every source and configuration; tests and prose change nothing that is built. */
function buildInputs() {
  const sources = ['apps', 'libs', 'tools'].flatMap((folder) => filesUnder(join(ROOT, folder)));
  const atRoot = readdirSync(ROOT).filter((file) => /\.(json|ts|mjs)$/.test(file)).map((file) => join(ROOT, file));
  return [...sources, ...atRoot].filter((file) => !/(\.spec\.tsx?|\.md|vitest.*\.config\.ts|eslint\.config\.mjs|launch\.mjs)$/.test(file)).sort();
}

function filesUnder(folder) {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { withFileTypes: true }).filter(({ name }) => name !== 'node_modules' && name !== 'dist');
  return entries.flatMap((entry) => (entry.isDirectory() ? filesUnder(join(folder, entry.name)) : [join(folder, entry.name)]));
}

function hashOf(files) {
  const hash = createHash('sha256');
  for (const file of files) hash.update(file.slice(ROOT.length)).update('\0').update(readFileSync(file)).update('\0');
  return hash.digest('hex');
}

async function runTool(name, args) {
  // The raw limits are taken inside the bench's own process: with the same young space as the services beside them.
  const nodeOptions = name === 'bench' ? ['--max-semi-space-size=64'] : [];
  return exitOf(start(process.execPath, ['--enable-source-maps', ...nodeOptions, join(ROOT, 'dist/services/tools', `${name}.js`), ...args]));
}

/** One app, rebuilt and restarted on every change; its settings come from the environment, as in production. */
async function serve([app]) {
  if (!app || !existsSync(join(ROOT, 'apps', app, 'src/main.ts'))) throw new Refusal(`Say which app to serve: ${appNames().join(', ')}.`);
  const file = join(ROOT, 'dist', app, 'apps', `${app}.js`);
  rmSync(file, { force: true });
  const builder = exitOf(start(process.execPath, [VITE, 'build', '-c', 'vite.services.config.ts', '--mode', app, '--watch']));
  let building = true;
  void builder.then(() => (building = false));
  while (building && !existsSync(file)) await new Promise((next) => setTimeout(next, 100));
  if (!existsSync(file)) throw new Refusal(`The build of ${app} failed: mend what is said above and run the command again.`);
  return Promise.race([builder, exitOf(start(process.execPath, ['--enable-source-maps', '--watch', file]))]).finally(() => stopChildren('SIGTERM'));
}

function toolNames() {
  return readdirSync(join(ROOT, 'tools')).filter((file) => /^[^.]+\.ts$/.test(file)).map((file) => file.slice(0, -3));
}

function appNames() {
  return readdirSync(join(ROOT, 'apps')).filter((app) => existsSync(join(ROOT, 'apps', app, 'src/main.ts')));
}

function start(command, args, options = { stdio: 'inherit' }) {
  const env = { ...process.env, ...options.env, SP_PARENT_PID: String(process.pid) };
  env['INIT_CWD'] ??= process.cwd();
  const child = spawn(command, args, { ...options, cwd: ROOT, env });
  children.add(child);
  child.once('close', () => children.delete(child));
  return child;
}

function exitOf(child) {
  return new Promise((settle, refuse) => {
    child.once('error', (error) => refuse(new Refusal(`${child.spawnfile} cannot be started (${error.code}): install it or mend PATH.`)));
    child.once('close', (code, signal) => settle(code ?? (signal === 'SIGINT' ? 130 : 143)));
  });
}

async function runQuietly(command, args, env = {}) {
  const child = start(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  const code = await exitOf(child);
  if (stopping) throw new Refusal('Stopped.');
  return { code, output };
}

let stopping = false;

function stopChildren(signal) {
  stopping = true;
  for (const child of children) child.kill(signal);
  setTimeout(() => {
    for (const child of children) child.kill('SIGKILL');
    process.exit(1);
  }, STOP_GRACE_MS).unref();
}

/** npm puts a shell between itself and us, and that shell may outlive npm: the parent's own parent is watched too. */
function endWithParents() {
  const parent = process.ppid;
  const grandparent = process.env['npm_lifecycle_event'] ? parentOf(parent) : undefined;
  if (parent === 1) return;
  setInterval(() => {
    const orphaned = process.ppid !== parent || (grandparent !== undefined && parentOf(parent) !== grandparent);
    if (orphaned && !stopping) stopChildren('SIGTERM');
  }, 500).unref();
}

/** Known on Linux without starting anything; elsewhere the direct parent has to do. */
function parentOf(pid) {
  const status = readIfThere(`/proc/${pid}/stat`);
  return status === undefined ? undefined : Number(status.slice(status.lastIndexOf(')') + 2).split(' ')[1]);
}

async function step(name, detail, work) {
  const startedAt = Date.now();
  process.stdout.write(`${name.padEnd(16)}${detail} … `);
  const done = await work().catch((error) => {
    process.stdout.write('failed\n');
    throw error;
  });
  process.stdout.write(`${((Date.now() - startedAt) / 1000).toFixed(1)} s\n`);
  return done;
}

function readIfThere(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error) => {
    process.stderr.write(error instanceof Refusal ? `${error.message}\n` : `${error.stack}\n`);
    process.exit(1);
  },
);
