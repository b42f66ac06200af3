import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { freePort, isPortFree } from './free-port';
import { Refusal } from './refusal';
import { repositoryFolder } from './repository-folder';
import { startProcess } from './start-process';
import type { ProcessHandle, ProcessOptions } from './start-process';

export interface ServiceOptions extends Omit<ProcessOptions, 'name' | 'command' | 'args' | 'cwd' | 'readyLine' | 'isReady'> {
  readonly port?: number;
}

export interface ServiceHandle extends ProcessHandle {
  readonly url: string;
  readonly port: number;
}

/**
 * How Node runs a service. With the usual 16 MB for what is young, a state or a frame is often copied twice before it is let go of;
 * 64 MB took a quarter off the feature store's CPU time an event, for up to 150 MB more of a process under load.
 */
export const serviceNodeOptions = ['--enable-source-maps', '--max-semi-space-size=64'] as const;

/** Runs a built app on 127.0.0.1; ready when its own readiness probe (or `readyUrl`) answers 200. */
export async function startService(app: string, options: ServiceOptions): Promise<ServiceHandle> {
  const port = options.port ?? (Number(options.env?.PORT) || (await freePort()));
  const url = `http://127.0.0.1:${port}`;
  await requireFreePort(app, port);
  const handle = await startProcess({
    ...options,
    name: app,
    command: process.execPath,
    args: [...serviceNodeOptions, builtFile(`apps/${app}.js`)],
    cwd: repositoryFolder(),
    env: { ...options.env, PORT: String(port) },
    readyUrl: options.readyUrl ?? `${url}/health/ready`,
  });
  return Object.assign(handle, { url, port });
}

/** A file of the build, or the sentence that says how to make it. */
export function builtFile(path: string): string {
  const file = join(repositoryFolder(), 'dist/services', path);
  if (!existsSync(file)) throw new Refusal(`dist/services/${path} is missing: type "npm run build".`);
  return file;
}

export async function requireFreePort(name: string, port: number): Promise<void> {
  if (await isPortFree(port)) return;
  throw new Refusal(`Port ${port} (${name}) is taken by another program: end that one ("lsof -i :${port}" names it) and start again.`);
}
