/** `npm run chaos`: real kills of the services and of nats-server under load, and what is in every log afterwards. */
import { connectClickHouse } from '@sp/clickhouse';
import { connectNats } from '@sp/nats';
import { LINE_SERVICES, onParentGone, Refusal, startLine, type Line, type LinePart } from '@sp/testing';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { withFolder } from './bench/run-bench';
import { judgeLine, type Judged } from './chaos/judge-line';
import { SteadyBank } from './chaos/steady-bank';

const usage = `npm run chaos -- [options]: a line of its own under load, with synchronous writes
  --kills N    kill -9 of a service or of nats-server, drawn at random (default 100)
  --rolling    instead: each service ends in order and starts again, one after another
  --seed S     which ones, and when (default 1)`;
const partitions = 2;
const say = (line: string): boolean => process.stdout.write(`${line}\n`);

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { kills: { type: 'string', default: '100' }, seed: { type: 'string', default: '1' }, rolling: { type: 'boolean', default: false }, help: { type: 'boolean', short: 'h', default: false } } });
  if (values.help) return say(usage) ? 0 : 1;
  const [kills, seed] = [Number(values.kills), Number(values.seed)];
  if (!Number.isInteger(kills) || kills < 1 || !Number.isInteger(seed)) throw new Refusal(usage);
  return withFolder(async (folder) => {
    const line = await startLine({ folder, clock: 'events', sync: 'always', partitions, env: { LOG_LEVEL: 'fatal', MAXIMUM_LAG_SECONDS: '1000000' } });
    onParentGone(() => void line.stop().finally(() => process.exit(1)));
    try {
      return verdict(await disturbed(line, () => (values.rolling ? rollOver(line) : killAtRandom(line, kills, seed))));
    } finally {
      await line.stop();
    }
  });
}

async function disturbed(line: Line, disturb: () => Promise<void>): Promise<Judged> {
  const bank = new SteadyBank(line.urls.ingest);
  bank.start();
  await disturb();
  await bank.end();
  say(`${bank.acknowledged.length} events acknowledged; ${bank.turnedAway} requests were sent again`);
  const connection = await connectNats(line.urls.nats, 'chaos');
  const clickhouse = connectClickHouse(line.urls.clickhouse);
  try {
    return await judgeLine(connection, clickhouse, partitions, bank.acknowledged);
  } finally {
    await clickhouse.close();
    await connection.close();
  }
}

async function killAtRandom(line: Line, kills: number, seed: number): Promise<void> {
  const parts: readonly LinePart[] = ['nats', ...LINE_SERVICES];
  const times = new Map<LinePart, number>();
  let random = seed;
  for (let kill = 1; kill <= kills; kill++) {
    random = (Math.imul(random, 1_103_515_245) + 12_345) & 0x7fffffff;
    const part = parts[(random >>> 8) % parts.length]!;
    await pause(100 + ((random >>> 4) % 900));
    await line.processes.get(part)!.kill();
    await line.processes.get(part)!.restart();
    times.set(part, (times.get(part) ?? 0) + 1);
    if (kill % 10 === 0 || kill === kills) say(`${kill} kills: ${[...times].map(([name, count]) => `${name} ${count}`).join(', ')}`);
  }
}

async function rollOver(line: Line): Promise<void> {
  for (const service of LINE_SERVICES) {
    await pause(1_000);
    await line.processes.get(service)!.restart();
    say(`${service} has ended and started again`);
  }
}

function verdict(judged: Judged): number {
  const { lost, doubled, outOfOrder, brokenFrames, offers, wrongOffers, logged, counted } = judged;
  say(`in the logs: ${lost} lost, ${doubled} doubled, ${outOfOrder} out of their client's order`);
  say(`later stages: ${brokenFrames} frames that leave out or repeat an input; ${offers} offers, ${wrongOffers} lost or doubled on their way out`);
  say(`ClickHouse has counted ${counted} of ${logged} logged events`);
  return lost + doubled + outOfOrder + brokenFrames + wrongOffers === 0 && counted === logged ? 0 : 1;
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Refusal ? error.message : error instanceof Error ? error.stack : String(error)}\n`);
    process.exit(1);
  },
);
