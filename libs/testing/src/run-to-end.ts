import { Refusal } from './refusal';
import { startProcess } from './start-process';
import type { ProcessOptions } from './start-process';

/** Runs a command that is expected to end well; its own last lines explain it when it does not. */
export async function runToEnd(options: ProcessOptions): Promise<string> {
  const lines: string[] = [];
  const onLine = (line: string): void => {
    lines.push(line);
    options.onLine?.(line);
  };
  const run = await startProcess({ ...options, onLine }).catch((error: unknown) => failedAtOnce(error, options));
  const { code } = await run.exited;
  if (code !== 0) throw new Refusal(`${options.name} failed: ${lines.slice(-12).join('\n') || `exit code ${code}`}`);
  return lines.join('\n');
}

function failedAtOnce(error: unknown, { name }: ProcessOptions): never {
  throw error instanceof Refusal ? error : new Refusal(`${name} cannot be run.`, { cause: error });
}
