import { IngestDoor } from './ingest-door';
import { OffersReader } from './offers-reader';
import { readableReport, reportOf } from './report';
import { ConfigError, readConfig, type SimulatorConfig } from './simulator.config';
import { Simulator } from './simulator';
import { StateFolder, type SavedRun } from './state-folder';
import { World } from './world/world';

const print = (line: string): boolean => process.stdout.write(`${line}\n`);

async function main(): Promise<void> {
  const config = readConfig(process.env);
  const stop = new AbortController();
  for (const name of ['SIGTERM', 'SIGINT'] as const) process.on(name, () => stop.abort());
  if (config.parentPid) endWith(config.parentPid, stop);
  const folder = new StateFolder(config.stateFolder);
  const saved = await folder.load();
  const world = saved ? World.restore(saved.world, config.world) : World.start(config.world);
  await simulate(config, { folder, saved, world, signal: stop.signal });
  print(`stopped after day ${world.day}; the truth is in ${config.stateFolder}/report.json`);
  if (!stop.signal.aborted) print(readableReport(reportOf(world)));
}

async function simulate(config: SimulatorConfig, run: { folder: StateFolder; saved: SavedRun | undefined; world: World; signal: AbortSignal }): Promise<void> {
  const { folder, saved, world, signal } = run;
  const events = new IngestDoor({ url: config.ingestUrl, signal, onNewReason: (reason, id) => print(`refused: ${reason} (first: ${id})`) });
  const offers = new OffersReader({ natsUrl: config.natsUrl, startAfter: saved?.offersPosition ?? 0, signal });
  offers.start();
  const { batchSize, hoursPerSecond, days, settleMs } = config;
  print(`a bank of ${world.people.length || config.world.clients} clients, seed ${config.world.seed}, from ${new Date(world.timeMs).toISOString()}`);
  try {
    await new Simulator({ world, events, offers, folder, unsent: saved?.unsent ?? [], batchSize, hoursPerSecond, days, settleMs, signal, print }).run();
  } finally {
    await offers.close();
  }
}

/** A bank without the one who started it would go on forever: a signal to npm does not reach its grandchildren. */
function endWith(parentPid: number, stop: AbortController): void {
  setInterval(() => {
    try {
      process.kill(parentPid, 0);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ESRCH') stop.abort();
    }
  }, 500).unref();
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${error instanceof ConfigError ? `wrong settings:\n${error.message}` : error instanceof Error ? error.stack : String(error)}\n`);
    process.exit(1);
  },
);
