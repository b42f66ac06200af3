import { existsSync } from 'node:fs';
import { findOnPath } from './find-on-path';
import { runToEnd } from './run-to-end';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'chrome'];
const ON_MAC = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';

type Say = (line: string) => void;

/** An installed one, else, for root on Debian, the package, which is installed now; undefined if neither is to be had. */
export async function findChromium(onProgress: Say = () => undefined): Promise<string | undefined> {
  return (await installedChromium()) ?? (await installChromium(onProgress));
}

/** CHROMIUM if set, else one on this machine. */
export async function installedChromium(): Promise<string | undefined> {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  for (const name of NAMES) {
    const file = await findOnPath(name);
    if (file) return file;
  }
  return existsSync(ON_MAC) ? ON_MAC : undefined;
}

async function installChromium(say: Say): Promise<string | undefined> {
  if (process.getuid?.() !== 0 || !(await findOnPath('apt-get'))) return undefined;
  say('chromium: installing the package, as root');
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  try {
    await runToEnd({ name: 'apt-get update', command: 'apt-get', args: ['-q', 'update'], env });
    await runToEnd({ name: 'apt-get install', command: 'apt-get', args: ['-q', '-y', '--no-install-recommends', 'install', 'chromium'], env });
  } catch (error) {
    say(`chromium could not be installed: ${error instanceof Error ? error.message : String(error)}`);
  }
  return installedChromium();
}
