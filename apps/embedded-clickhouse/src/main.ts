import type { AddressInfo } from 'node:net';
import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseConfig } from './embedded-clickhouse.config';
import { EngineProcess } from './engine-process';
import { createFront } from './http-front';
import { BodySpool } from './request-body';

const PARENT_CHECK_MS = 1_000;
const STOP_CHECK_MS = 50;
const STOP_PATIENCE_MS = 5_000;

const config = parseConfig(process.env);
mkdirSync(config.folder, { recursive: true });
const engine = new EngineProcess({ folder: resolve(config.folder) }, (line) => console.error(line));
const spool = new BodySpool(config.folder, config.bodyBytes);
const front = createFront({ engine, spool, sessions: config.sessions, waitingRequests: config.waitingRequests });
let stopping = false;
let openRequests = 0;
// Counted here, since Node does not call a connection idle that a client opened in advance and has not used.
front.on('request', (_request, response) => {
  openRequests++;
  response.once('close', () => openRequests--);
});

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void stop());
if (config.parentPid) watchParent(config.parentPid);

await engine.start();
// The folder is ours from here on, so what lies in the spool is a dead predecessor's.
spool.clear();
front.listen(config.port, '127.0.0.1', () => {
  const { port } = front.address() as AddressInfo;
  console.log(`embedded ClickHouse ${engine.version} listens on http://127.0.0.1:${port}`);
});

/** New connections are refused, running queries end, then the engine closes its folder. */
async function stop(): Promise<void> {
  if (stopping) return;
  stopping = true;
  const ownsFolder = front.listening;
  // A server that never listened calls back at once, with an error that says just that.
  const drained = new Promise<void>((done) => front.close(() => done()));
  const deadline = Date.now() + STOP_PATIENCE_MS;
  const check = setInterval(() => {
    if (openRequests === 0 || Date.now() > deadline) front.closeAllConnections();
  }, STOP_CHECK_MS);
  await drained;
  clearInterval(check);
  await engine.stop();
  // While we wait for the folder, the spool is its present owner's.
  if (ownsFolder) spool.remove();
  process.exit(0);
}

/** A launcher that was killed cannot end its children; so they look for it themselves. */
function watchParent(pid: number): void {
  setInterval(() => {
    try {
      process.kill(pid, 0);
    } catch {
      void stop();
    }
  }, PARENT_CHECK_MS).unref();
}
