/** `npm run simulate`: the simulated bank through a line, as fast as the line carries it, and a report of what came of it. */
import { readFileSync, rmSync } from 'node:fs';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { openModelStore, saveConstantModel } from '@sp/models';
import { calibrationOver, outcomeOf, overSeedsText, type SeedReport } from './simulate/over-seeds';
import { ProcessorTime } from './simulate/processor-time';
import { builtFile, findXgboost, onParentGone, prefixedPrinter, Refusal, removeDataFolder, repositoryFolder, startLine, startProcess, xgboostEnvironment, type Line, type ProcessHandle } from '@sp/testing';

const usage = `npm run simulate -- [options]: the simulated bank through the line, as fast as the line carries it
  --days N              days to simulate (default 30)
  --clients N           clients at the start (default 2000)
  --merchants N         (default 120)
  --seed N              another bank of the same world (default 1)
  --world W             smooth, habit or no-effect (default smooth)
  --troubles T          none, demo (mild), drift (tastes turn after four weeks), bias (one arm is cleared out in the first) or all (default none)
  --train-every D       the line trains a model anew every so many simulated days, 0 never (default 14; needs XGBoost's library)
  --seeds N             so many runs, one seed after the other from --seed on, and what they say together
  --report FOLDER       where report.html and report.json are put (default: beside the bank's state)
  --hours-per-second X  simulated hours a real second; 0 is as fast as the line carries it (default 0)
  --data FOLDER         of the line that is started for this run, begun anew each time (default .data/simulate)
Against a line that runs already:
  --ingest URL          its door for events; it must follow the events' clock (CLOCK=events), and no other bank may speak to it
  --nats URL            its NATS (default nats://127.0.0.1:4222)
  --monitor URL         its figures, to be compared with the truth
  --state FOLDER        where the bank is kept between runs (default .data/simulated-bank); further days are added to those lived
  --fresh               forget the kept bank; for a line that was emptied too`;

const options = {
  'days': { type: 'string', default: '30' }, 'clients': { type: 'string' }, 'merchants': { type: 'string' }, 'seed': { type: 'string' }, 'world': { type: 'string' }, 'troubles': { type: 'string', default: 'none' },
  'train-every': { type: 'string', default: '14' }, 'seeds': { type: 'string', default: '1' },
  'report': { type: 'string' }, 'hours-per-second': { type: 'string', default: '0' }, 'data': { type: 'string', default: '.data/simulate' }, 'ingest': { type: 'string' },
  'nats': { type: 'string', default: 'nats://127.0.0.1:4222' }, 'monitor': { type: 'string' }, 'state': { type: 'string', default: '.data/simulated-bank' }, 'fresh': { type: 'boolean', default: false },
  'help': { type: 'boolean', short: 'h', default: false },
} as const;

const say = (line: string): boolean => process.stdout.write(`${line}\n`);

/** What runs by now: a signal may come at any time. */
const running: { line?: Line; bank?: ProcessHandle; stopping?: boolean } = {};

type Given = ReturnType<typeof parseOptions>;

function parseOptions() {
  return parseArgs({ options }).values;
}

async function main(): Promise<void> {
  const given = givenOptions();
  if (given.help) return void say(usage);
  if (!/^[1-9]\d*$/.test(given.days)) throw new Refusal(`--days must be a whole number above 0, not "${given.days}"`);
  const stop = (): void => void stopEverything(1);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  onParentGone(stop);
  for (const name of ['train-every', 'seeds'] as const) if (!/^\d+$/.test(given[name])) throw new Refusal(`--${name} must be a whole number, not "${given[name]}"`);
  const code = given.ingest === undefined ? await throughOwnLines(given) : await throughRunningLine(given, given.ingest);
  if (!running.stopping) await stopEverything(code);
}

function givenOptions(): Given {
  try {
    return parseOptions();
  } catch (error) {
    throw new Refusal(`${(error as Error).message}\n\n${usage}`);
  }
}

/** One run, or one for each seed, each with a line of its own; the reports stand beside each other. */
async function throughOwnLines(given: Given): Promise<number> {
  const runs = Math.max(1, Number(given.seeds));
  if (runs === 1) return throughOwnLine(given);
  const reports: SeedReport[] = [];
  const folder = folderOf(given.report ?? `${given.data}-reports`);
  for (let seed = Number(given.seed ?? 1); reports.length < runs && !running.stopping; seed++) {
    const report = join(folder, `seed-${seed}`);
    const code = await throughOwnLine({ ...given, seed: String(seed), report });
    await running.line?.stop();
    if (code !== 0) return code;
    reports.push(JSON.parse(await readFile(join(report, 'report.json'), 'utf8')) as SeedReport);
    await writeFile(join(folder, 'seeds.json'), `${JSON.stringify({ calibration: calibrationOver(reports), seeds: reports.map(outcomeOf) }, null, 2)}\n`);
  }
  say(overSeedsText(reports));
  return 0;
}

/** A line for this run alone: on free ports, its folder begun anew, its log flushed now and then, since it can be made again. */
async function throughOwnLine(given: Given): Promise<number> {
  const folder = folderOf(given.data);
  await removeDataFolder(folder);
  const xgboost = await findXgboost(join(repositoryFolder(), '.cache'), say);
  const broken = given.troubles === 'all' ? await brokenModel(`${folder}-models`) : undefined;
  const env = {
    LOG_LEVEL: process.env.LOG_LEVEL ?? 'warn', PROVENANCE: 'A simulated bank', BASE_CURRENCY: 'EUR', TRAIN_EVERY_HOURS: String(xgboost ? 24 * Number(given['train-every']) : 0),
    // Days pass in seconds here: who asks to be forgotten leaves the figures while the run still goes on.
    ERASURE_EVERY_SECONDS: '30', ...xgboostEnvironment(xgboost), ...broken?.lineEnv,
  };
  running.line = await startLine({ folder, clock: 'events', sync: 'default', ports: 'free', partitions: 4, env, onProgress: say, onLine: linePrinter() });
  const { ingest, nats, monitor } = running.line.urls;
  const time = new ProcessorTime();
  const code = await bank(given, { INGEST_URL: ingest, NATS_URL: nats, MONITOR_URL: monitor, SIMULATOR_PARTITIONS: '4', SIMULATOR_STATE_FOLDER: join(folder, 'bank-simulator'), SIMULATOR_DAYS: given.days, ...broken?.bankEnv });
  await time.sample();
  const { seconds, othersSeconds } = time.shareOf(running.bank?.pid ?? 0);
  say(`processor time: the simulated bank ${seconds.toFixed(0)} s, the line that it fed ${othersSeconds.toFixed(0)} s; ${((100 * seconds) / othersSeconds).toFixed(1)} % of the line's`);
  return code;
}

/** The shipped models with a constant beside them, in a folder beside the line's, for the operators' mistake that is planted. */
async function brokenModel(folder: string): Promise<{ lineEnv: Record<string, string>; bankEnv: Record<string, string> }> {
  await cp(join(repositoryFolder(), 'models'), folder, { recursive: true });
  return { lineEnv: { MODELS_FOLDER: folder }, bankEnv: { SIMULATOR_CONSTANT_MODEL: await saveConstantModel(openModelStore(folder), 'redemption', 0.2) } };
}

function throughRunningLine(given: Given, ingest: string): Promise<number> {
  const folder = folderOf(given.state);
  if (given.fresh) forget(folder);
  return bank(given, {
    INGEST_URL: ingest, NATS_URL: given.nats, SIMULATOR_STATE_FOLDER: folder, SIMULATOR_DAYS: String(daysLived(folder) + Number(given.days)),
    ...(given.monitor !== undefined && { MONITOR_URL: given.monitor }),
  });
}

/** Its heap is bounded so that a bank of 100,000 clients stays below 1 GiB. */
async function bank(given: Given, wiring: Record<string, string>): Promise<number> {
  const env = {
    ...wiring,
    SIMULATOR_HOURS_PER_SECOND: given['hours-per-second'],
    SIMULATOR_TROUBLES: given.troubles,
    ...(given.clients !== undefined && { SIMULATOR_CLIENTS: given.clients }),
    ...(given.merchants !== undefined && { SIMULATOR_MERCHANTS: given.merchants, SIMULATOR_CAMPAIGNS: String(Math.floor(Number(given.merchants) / 2)) }),
    ...(given.seed !== undefined && { SIMULATOR_SEED: given.seed }),
    ...(given.world !== undefined && { SIMULATOR_WORLD: given.world }),
    ...(given.report !== undefined && { SIMULATOR_REPORT_FOLDER: folderOf(given.report) }),
  };
  const args = ['--max-old-space-size=640', '--enable-source-maps', builtFile('apps/bank-simulator.js')];
  running.bank = await startProcess({ name: 'bank-simulator', command: process.execPath, args, env, onLine: say });
  const { code } = await running.bank.exited;
  return code ?? 1;
}

/** Ends in the order of the data: the bank first, which saves what it has. */
async function stopEverything(code: number): Promise<void> {
  if (running.stopping) return;
  running.stopping = true;
  await running.bank?.stop(15_000);
  await running.line?.stop();
  process.exit(code);
}

function linePrinter(): (part: string, line: string) => void {
  const printers = new Map<string, (line: string) => void>();
  return (part, line) => {
    if (part === 'nats' && / \[(INF|DBG|TRC)\] /.test(line)) return;
    const print = printers.get(part) ?? prefixedPrinter(part);
    printers.set(part, print);
    print(line);
  };
}

/** Days are counted from the world's start, so those already lived are added. */
function daysLived(folder: string): number {
  try {
    return (JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8')) as { simulatedDays: number }).simulatedDays;
  } catch {
    return 0;
  }
}

/** Its own files only: the folder may hold somebody else's. */
function forget(folder: string): void {
  for (const file of ['state.json', 'report.json', 'report.html']) rmSync(join(folder, file), { force: true });
}

function folderOf(path: string): string {
  return resolve(process.env['INIT_CWD'] ?? '.', path);
}

main().catch(async (error: unknown) => {
  process.stderr.write(`${error instanceof Refusal ? error.message : error instanceof Error ? error.stack : String(error)}\n`);
  await stopEverything(1);
});
