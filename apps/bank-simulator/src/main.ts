import { IngestDoor } from './ingest-door';
import { LineDiary } from './line-diary';
import { LineStep } from './line-step';
import { ModelDesk } from './model-desk';
import { MonitorDoor } from './monitor-door';
import { OffersReader } from './offers-reader';
import { OperatorsDoor } from './operators-door';
import { calibrationOf } from './report/calibration';
import { alarmsOf } from './report/findings';
import { readableReport } from './report/readable';
import { membersOf, reportOf, type Learned } from './report/report';
import { ConfigError, readConfig, type SimulatorConfig } from './simulator.config';
import { Simulator } from './simulator';
import { StateFolder } from './state-folder';
import { hourMs } from './world/calendar';
import { World } from './world/world';

const print = (line: string): boolean => process.stdout.write(`${line}\n`);

async function main(): Promise<void> {
  const config = readConfig(process.env);
  const stop = new AbortController();
  for (const name of ['SIGTERM', 'SIGINT'] as const) process.on(name, () => stop.abort());
  if (config.parentPid) endWith(config.parentPid, stop);
  await simulate(config, stop.signal);
}

async function simulate(config: SimulatorConfig, signal: AbortSignal): Promise<void> {
  const folder = new StateFolder(config.stateFolder);
  const saved = await folder.load();
  const world = saved ? World.restore(saved.world, config.world) : World.start(config.world);
  const events = new IngestDoor({ url: config.ingestUrl, signal, onNewReason: (reason, id) => print(`refused: ${reason} (first: ${id})`) });
  const offers = new OffersReader({ natsUrl: config.natsUrl, startAfter: saved?.offersPosition ?? 0, signal });
  const { batchSize, hoursPerSecond, days, settleMs } = config;
  const step = new LineStep({ url: config.ingestUrl, partitions: hoursPerSecond === 0 ? config.partitions : 0, signal });
  const operators = new OperatorsDoor(config.natsUrl);
  const models = config.world.constantModel === undefined ? undefined : new ModelDesk(operators, config.world.constantModel);
  const diary = config.monitorUrl === undefined ? undefined : new LineDiary({ monitor: new MonitorDoor(config.monitorUrl), operators, signal });
  const simulator = new Simulator({ world, events, offers, step, folder, ...(models && { models }), ...(diary && { diary }), unsent: saved?.unsent ?? [], batchSize, hoursPerSecond, days, settleMs, signal, print });
  offers.start();
  const { seed, world: kind, clients, troubles } = config.world;
  print(`a bank of ${world.people.length || clients} clients in the world "${kind}", seed ${seed}, troubles: ${troubles}, from ${new Date(world.timeMs).toISOString()}`);
  try {
    if (step.exists) await offers.ready().catch(() => undefined);
    await simulator.run();
    await end(config, { simulator, world, diary, ended: !signal.aborted });
  } finally {
    await offers.close();
    await operators.close();
  }
  print(`of ${offers.received} offers ${simulator.inTime} were in the bank's hands within the simulated hour of their instant; late events get late offers`);
  print(cost(events.counts.accepted + events.counts.duplicates + events.counts.rejected));
}

/** A run that came to its end is compared with what the system says of itself; a stopped one leaves what it has. */
async function end({ monitorUrl, reportFolder }: SimulatorConfig, { simulator, world, diary, ended }: { simulator: Simulator; world: World; diary: LineDiary | undefined; ended: boolean }): Promise<void> {
  const learned = ended && monitorUrl ? await learn(new MonitorDoor(monitorUrl), world, diary) : undefined;
  await simulator.report(new StateFolder(reportFolder), learned);
  print(`stopped after day ${world.day}; the truth is in ${reportFolder}/report.html and report.json`);
  if (ended) print(readableReport(reportOf(world, { byWeek: false, ...(learned && { learned }) })));
}

async function learn(monitor: MonitorDoor, world: World, diary: LineDiary | undefined): Promise<Learned> {
  await monitor.caughtUp(world.timeMs - hourMs);
  const arms = await monitor.arms(world.people.map(({ client }) => client.clientId));
  const reported = await monitor.experiments();
  const calibration = reported && calibrationOf(reported, world.ledger, membersOf(world, arms));
  const incidents = await monitor.incidents(world.timeMs - 3 * hourMs);
  const alarms = incidents && [...alarmsOf(incidents, (await monitor.reviewCases()) ?? []), ...(diary?.alarms ?? [])];
  return { arms, ...(calibration && { calibration }), ...(alarms && { alarms }), ...(diary && { models: diary.models, trainings: diary.trainings }), changes: await monitor.automaticChanges() };
}

function cost(events: number): string {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  const cpuMicroseconds = userCPUTime + systemCPUTime;
  return `the simulator itself: ${(cpuMicroseconds / 1e6).toFixed(1)} s of CPU, ${(cpuMicroseconds / Math.max(1, events)).toFixed(0)} us an event sent, at most ${(maxRSS / 1024).toFixed(0)} MiB`;
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
