import { spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const usage = `npm run simulate -- [options]: the simulated bank, faster than real time, against a running line
  --days N              days to simulate now (default 30)
  --clients N           clients at the start (default 2000)
  --hours-per-second X  simulated hours a real second; 0 is as fast as the door allows (default 0)
  --ingest URL          the line's door for events (default http://127.0.0.1:3000)
  --nats URL            the line's NATS (default nats://127.0.0.1:4222)
  --seed N              another world (default 1)
  --state FOLDER        where the world is kept between runs (default .data/simulate)
  --fresh               forget the kept world; for a line that was emptied too
A line has one time: it must follow the events' clock (CLOCK=events on ingest), and no other bank may speak to it.`;

const options = {
  'days': { type: 'string', default: '30' },
  'clients': { type: 'string' },
  'hours-per-second': { type: 'string', default: '0' },
  'ingest': { type: 'string', default: 'http://127.0.0.1:3000' },
  'nats': { type: 'string', default: 'nats://127.0.0.1:4222' },
  'seed': { type: 'string' },
  'state': { type: 'string', default: '.data/simulate' },
  'fresh': { type: 'boolean', default: false },
  'help': { type: 'boolean', short: 'h', default: false },
} as const;

function main(): void {
  const given = argumentsOrExit();
  if (given.help) return void process.stdout.write(`${usage}\n`);
  if (!/^[1-9]\d*$/.test(given.days)) exitWith(`--days must be a whole number above 0, not "${given.days}"`);
  const folder = resolve(process.env['INIT_CWD'] ?? '.', given.state);
  if (given.fresh) forget(folder);
  const child = spawn(process.execPath, ['--enable-source-maps', fileURLToPath(new URL('../apps/bank-simulator.js', import.meta.url))], {
    stdio: 'inherit',
    env: { ...process.env, ...environmentOf(given, folder), SP_PARENT_PID: String(process.pid) },
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill('SIGTERM'));
  child.once('error', (error) => exitWith(error.message));
  child.once('close', (code) => process.exit(code ?? 1));
}

type Given = ReturnType<typeof parseOptions>;

function parseOptions() {
  return parseArgs({ options }).values;
}

function argumentsOrExit(): Given {
  try {
    return parseOptions();
  } catch (error) {
    return exitWith(`${(error as Error).message}\n\n${usage}`);
  }
}

/** Days are counted from the world's start, so those already lived are added. An empty value is as good as none. */
function environmentOf(given: Given, folder: string): Record<string, string> {
  return {
    INGEST_URL: given.ingest,
    NATS_URL: given.nats,
    SIMULATOR_STATE_FOLDER: folder,
    SIMULATOR_DAYS: String(daysLived(folder) + Number(given.days)),
    SIMULATOR_HOURS_PER_SECOND: given['hours-per-second'],
    ...(given.clients && { SIMULATOR_CLIENTS: given.clients }),
    ...(given.seed && { SIMULATOR_SEED: given.seed }),
  };
}

function daysLived(folder: string): number {
  try {
    return (JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8')) as { simulatedDays: number }).simulatedDays;
  } catch {
    return 0;
  }
}

/** Its two files only: the folder may hold somebody else's. */
function forget(folder: string): void {
  for (const file of ['state.json', 'report.json']) rmSync(join(folder, file), { force: true });
}

function exitWith(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

main();
