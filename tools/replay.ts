/** `npm run replay`: somebody else's data through the public door, in event time; see docs/replay.md. */
import { onParentGone, Refusal } from '@sp/testing';
import { Account } from './replay/account';
import { accountText } from './replay/account-text';
import { CheckDoor } from './replay/check-door';
import { HttpDoor } from './replay/http-door';
import { readOptions, type ReplayOptions } from './replay/options';
import { startOwnLine, type OwnLine } from './replay/own-line';
import { showProgress } from './replay/progress';
import { replay } from './replay/replay';
import { lineResult } from './replay/result';

const stop = { asked: false, askedAtMs: 0, wake: (): void => undefined };

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2), process.env['INIT_CWD'] ?? process.cwd());
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, askToStop);
  onParentGone(askToStop);
  if (options.check) return replayThrough(options, new CheckDoor());
  if (options.url !== undefined) return replayThrough(options, new HttpDoor(options.url));
  return replayThroughOwnLine(options);
}

async function replayThroughOwnLine(options: ReplayOptions): Promise<number> {
  const line = await startOwnLine(options.dataFolder, options.mapping.provenance, say);
  try {
    const code = await replayThrough(options, new HttpDoor(line.ingestUrl));
    if (!stop.asked) process.stdout.write(await lineResult({ clickhouseUrl: line.clickhouseUrl, provenance: options.mapping.provenance, isStopped: () => stop.asked }));
    if (options.keep) await untilStopped(line);
    return code;
  } finally {
    await line.stop();
  }
}

async function replayThrough(options: ReplayOptions, door: CheckDoor | HttpDoor): Promise<number> {
  const account = new Account();
  const progress = showProgress(account, process.stderr);
  try {
    await replay({ ...options, door, account, isStopped: () => stop.asked });
  } finally {
    progress.stop();
    process.stdout.write(accountText(account));
  }
  if (stop.asked) say('stopped before the end: what was read and not yet sent is missing above');
  return stop.asked ? 130 : account.faults().length === 0 ? 0 : 1;
}

async function untilStopped(line: OwnLine): Promise<void> {
  if (stop.asked) return;
  say(`Dashboard: ${line.monitorUrl} (Ctrl-C ends everything)`);
  await new Promise<void>((wake) => (stop.wake = wake));
}

/** Ctrl-C comes from the terminal and from the launcher; a person's second one, later, ends everything at once. */
function askToStop(): void {
  if (stop.asked && performance.now() - stop.askedAtMs > 1_000) process.exit(1);
  if (!stop.asked) stop.askedAtMs = performance.now();
  stop.asked = true;
  stop.wake();
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(error instanceof Refusal ? `${error.message}\n` : `${error instanceof Error ? error.stack : String(error)}\n`);
    process.exit(2);
  },
);
