/** `npm run contracts`: is everything that is derived from the contracts as they are now? `-- --write` derives it anew; `-- --nats-users 16` prints the log's users for so many partitions. */
import { contractDigest, derivedDocs, incompatibilities, usersFile, type ContractDigest } from '@sp/contracts';
import { Refusal, repositoryFolder } from '@sp/testing';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const golden = 'libs/contracts/golden';
const keptFile = `${golden}/kept.json`;

/** What must never change: golden samples by their hash, and the contract that was last promised. */
interface Kept {
  readonly samples: Readonly<Record<string, string>>;
  readonly contract: ContractDigest;
}

function main(): void {
  const options = parseArgs({ options: { 'write': { type: 'boolean', default: false }, 'nats-users': { type: 'string' } } }).values;
  if (options['nats-users'] !== undefined) return void process.stdout.write(usersFile(partitionsOf(options['nats-users'])));
  const { write } = options;
  const before = readKept();
  const now: Kept = { samples: hashes(), contract: contractDigest() };
  const broken = [...changedSamples(before, now), ...incompatibilities(before.contract, now.contract)];
  if (broken.length > 0) throw new Refusal(broken.join('\n'));
  const stale = [[keptFile, `${JSON.stringify(now, null, 1)}\n`] as const, ...Object.entries(derivedDocs())].filter(([file, text]) => textOf(file) !== text);
  if (!write && stale.length > 0) throw new Refusal(`${stale.map(([file]) => file).join(', ')} no longer follow from the contracts: type "npm run contracts -- --write".`);
  for (const [file, text] of stale) writeFileSync(join(repositoryFolder(), file), text);
  process.stdout.write(`${stale.length > 0 ? `written: ${stale.map(([file]) => file).join(', ')}` : 'everything follows from the contracts'}\n`);
}

function partitionsOf(text: string): number {
  const partitions = Number(text);
  if (!Number.isInteger(partitions) || partitions < 1 || partitions > 1024) throw new Refusal(`--nats-users ${text}: how many partitions has the line, 1 to 1024?`);
  return partitions;
}

function changedSamples(before: Kept, now: Kept): string[] {
  const changed = Object.entries(before.samples).filter(([file, hash]) => now.samples[file] !== hash);
  return changed.map(([file]) => `${golden}/${file} was ${file in now.samples ? 'changed' : 'removed'}: a golden sample is kept as it was. Put it back; a new form is a file of its own with the next version in its name.`);
}

function readKept(): Kept {
  const text = textOf(keptFile);
  return text === undefined ? { samples: {}, contract: {} } : (JSON.parse(text) as Kept);
}

function hashes(): Record<string, string> {
  const folder = join(repositoryFolder(), golden);
  const files = readdirSync(folder).filter((name) => /\.v\d+\.json$/.test(name)).sort();
  return Object.fromEntries(files.map((file) => [file, createHash('sha256').update(readFileSync(join(folder, file))).digest('hex')]));
}

function textOf(file: string): string | undefined {
  const path = join(repositoryFolder(), file);
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}

try {
  main();
} catch (error) {
  process.stderr.write(`${error instanceof Refusal ? error.message : error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
}
