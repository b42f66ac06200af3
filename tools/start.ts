/** `npm start`: the whole system on this machine, with a simulated bank unless told otherwise. */
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { Refusal, builtFile, findXgboost, onParentGone, prefixedPrinter, removeDataFolder, repositoryFolder, startLine, startProcess, timed, xgboostEnvironment } from '@sp/testing';
import type { Line, LineClock, ProcessHandle, Say } from '@sp/testing';

const FLAGS = '--no-simulator, --data FOLDER and --fresh';
const say: Say = (line) => process.stdout.write(`${line}\n`);

interface Wish {
  readonly folder: string;
  readonly clock: LineClock;
  readonly fresh: boolean;
  readonly simulator: boolean;
}

/** What runs by now: a signal may come before everything is up. */
const running: { line?: Line; simulator?: ProcessHandle; stopAskedAtMs?: number } = {};

async function main(): Promise<void> {
  const startedAtMs = performance.now();
  const wish = readWish(process.argv.slice(2));
  stopOnSignals();
  if (wish.simulator) builtFile('apps/bank-simulator.js');
  if (wish.fresh) await removeDataFolder(wish.folder);
  running.line = await startEverything(wish);
  if (wish.simulator) running.simulator = await startSimulator(running.line, wish.folder);
  say(`${'ready'.padEnd(16)}data in ${wish.folder} … ${((performance.now() - startedAtMs) / 1000).toFixed(1)} s`);
  say(`Dashboard: http://localhost:3005 (Ctrl-C ends everything)`);
}

function readWish(args: string[]): Wish {
  const { values } = parsed(args);
  const simulator = !values['no-simulator'];
  const folder = values.data ? resolve(process.env.INIT_CWD ?? '.', values.data) : join(repositoryFolder(), '.data', simulator ? 'simulated' : 'bank');
  return { folder, simulator, clock: simulator ? 'events' : 'wall', fresh: values.fresh };
}

function parsed(args: string[]) {
  try {
    const options = { 'no-simulator': { type: 'boolean', default: false }, data: { type: 'string' }, fresh: { type: 'boolean', default: false } } as const;
    return parseArgs({ args, options });
  } catch (error) {
    const [reason] = (error instanceof Error ? error.message : String(error)).split('. ');
    throw new Refusal(`${reason}: npm start takes ${FLAGS}, after "--".`);
  }
}

async function startEverything({ folder, clock, simulator }: Wish): Promise<Line> {
  const xgboost = await findXgboost(join(repositoryFolder(), '.cache'), say);
  return startLine({
    folder,
    clock,
    partitions: Number(process.env.PARTITIONS) || 4,
    ports: 'fixed',
    sync: 'always',
    env: { LOG_LEVEL: process.env.LOG_LEVEL ?? 'warn', EXPERIMENT_SECOND_PERSON: 'no', BASE_CURRENCY: baseCurrency(simulator), ...(simulator ? { PROVENANCE: 'A simulated bank' } : {}), ...xgboostEnvironment(xgboost) },
    onProgress: say,
    onLine: linePrinter(folder),
  });
}

/** The simulated bank's is the euro; a bank says its own. */
function baseCurrency(simulator: boolean): string {
  return (simulator ? undefined : process.env.BASE_CURRENCY) ?? 'EUR';
}

async function startSimulator({ urls }: Line, folder: string): Promise<ProcessHandle> {
  const env = { INGEST_URL: urls.ingest, NATS_URL: urls.nats, SIMULATOR_STATE_FOLDER: join(folder, 'bank-simulator') };
  const options = { name: 'bank-simulator', command: process.execPath, args: ['--enable-source-maps', builtFile('apps/bank-simulator.js')], cwd: repositoryFolder() };
  return timed(say, 'bank-simulator', 'a bank that lives in simulated time', () => startProcess({ ...options, env, logPrefix: 'bank-simulator', onDeath: say }));
}

/** Prints what the processes say; nats-server's chatter only from a warning upwards. A full disk is said once, with its remedy. */
function linePrinter(folder: string): (part: string, line: string) => void {
  const printers = new Map<string, (line: string) => void>();
  let diskWasFull = false;
  return (part, line) => {
    if (part === 'nats' && / \[(INF|DBG|TRC)\] /.test(line)) return;
    const print = printers.get(part) ?? prefixedPrinter(part);
    printers.set(part, print);
    print(line);
    if (diskWasFull || !/ENOSPC|no space left on device|NOT_ENOUGH_SPACE/i.test(line)) return;
    diskWasFull = true;
    say(`The disk that holds ${folder} is full: free some space; everything goes on where it stood, and nothing that was acknowledged is lost.`);
  };
}

/** A terminal's Ctrl-C comes twice, from the terminal and from the launcher; a person's second one, later, ends everything at once. */
function stopOnSignals(): void {
  // The terminal or the launcher may be gone already; ending in order matters more than saying so.
  process.stdout.on('error', () => undefined);
  const stop = (): void => {
    if (running.stopAskedAtMs === undefined) {
      running.stopAskedAtMs = performance.now();
      void stopEverything();
    } else if (performance.now() - running.stopAskedAtMs > 1_000) process.exit(1);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  onParentGone(stop);
}

async function stopEverything(): Promise<void> {
  say('\nstopping in order (Ctrl-C once more: at once)');
  const startedAtMs = performance.now();
  // What has not become ready yet ends with this process.
  const { simulator, line } = running;
  if (simulator) await timed(say, 'bank-simulator', 'stopped', () => simulator.stop(15_000));
  await line?.stop(say);
  say(`stopped in ${((performance.now() - startedAtMs) / 1000).toFixed(1)} s; the next start goes on with the same data`);
  process.exit(0);
}

main().catch((error: unknown) => {
  if (running.stopAskedAtMs !== undefined) return;
  process.stderr.write(`${error instanceof Refusal ? error.message : error instanceof Error ? error.stack : String(error)}\n`);
  process.exit(1);
});
