/** `npm run realism -- FOLDER`: does the simulated bank look like real purchases? Measures of its shape beside those of public data. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { onParentGone, Refusal } from '@sp/testing';
import { anzPurchases, onlineRetailPurchases, starbucksPurchases } from './realism/public-purchases';
import { measures, type Measure, type Measured } from './realism/measures';
import type { Purchases } from './realism/purchases';
import { simulatedPurchases } from './realism/simulated-purchases';

const usage = 'npm run realism -- FOLDER [--clients N] [--days N] [--seed N] [--world W], where FOLDER holds online-retail/, anz/ and starbucks/';
const say = (line: string): boolean => process.stdout.write(`${line}\n`);

async function main(): Promise<void> {
  const wish = wishOf();
  onParentGone(() => process.exit(1));
  const real = publicSets(wish.folder);
  const simulated = await simulatedPurchases(wish);
  const sets = [simulated, ...real];
  say(`\nThe simulated bank is simulated, seed ${wish.seed}, world "${wish.world}"; anz is synthesised by its bank, starbucks simulated by its publisher; online-retail is real.`);
  for (const { name, rows } of sets) say(`${name.padEnd(14)} ${rows.length} purchases, ${new Set(rows.map(({ client }) => client)).size} clients`);
  say('');
  say(line('measure', sets.map(({ name }) => name), 'within?'));
  const verdicts = measures.map((measure) => judged(measure, sets));
  for (const { text } of verdicts) say(text);
  say(`\n${verdicts.filter(({ within }) => within).length} of ${verdicts.filter(({ within }) => within !== undefined).length} lie within the range of the public sets (a tenth of leeway on both sides)`);
}

function wishOf(): { folder: string; clients: string; days: string; seed: string; world: string } {
  const options = { clients: { type: 'string', default: '400' }, days: { type: 'string', default: '90' }, seed: { type: 'string', default: '1' }, world: { type: 'string', default: 'smooth' } } as const;
  try {
    const { values, positionals } = parseArgs({ options, allowPositionals: true });
    if (positionals.length !== 1) throw new Error('Name the folder of the public data.');
    return { ...values, folder: resolve(process.env['INIT_CWD'] ?? '.', positionals[0] ?? '') };
  } catch (error) {
    throw new Refusal(`${(error as Error).message}\n${usage}`);
  }
}

/** Those that are there; without any there is nothing to compare with. */
function publicSets(folder: string): Purchases[] {
  const readers = { 'online-retail': onlineRetailPurchases, 'anz': anzPurchases, 'starbucks': starbucksPurchases };
  const there = Object.entries(readers).filter(([name]) => existsSync(join(folder, name)));
  for (const name of Object.keys(readers)) if (!existsSync(join(folder, name))) say(`${join(folder, name)} is not there: compared without it`);
  if (there.length === 0) throw new Refusal(`${folder} holds none of ${Object.keys(readers).join(', ')}: nothing to compare with.\n${usage}`);
  return there.map(([name, read]) => read(join(folder, name)));
}

function judged(measure: Measure, [simulated, ...real]: readonly Purchases[]): { readonly text: string; readonly within: boolean | undefined } {
  const value = simulated && measure.of(simulated);
  const known = real.map((set) => measure.of(set));
  const bounds = real.flatMap((set, place) => measure.range?.(set) ?? [known[place]]).filter((bound) => bound !== undefined);
  const within = measure.notJudged !== undefined || value === undefined || bounds.length === 0 ? undefined : value >= Math.min(...bounds) * 0.9 && value <= Math.max(...bounds) * 1.1;
  const verdict = within === undefined ? `not judged${measure.notJudged ? `: ${measure.notJudged}` : ''}` : within ? 'yes' : 'NO';
  return { text: line(measure.name, [value, ...known].map(shown), measure.range ? `${verdict} (its clients: ${bounds.map(shown).join(' to ')})` : verdict), within };
}

function shown(value: Measured): string {
  return value === undefined ? '-' : value.toPrecision(3);
}

function line(name: string, cells: readonly string[], last: string): string {
  return `${name.padEnd(58)}${cells.map((cell) => cell.padStart(14)).join('')}   ${last}`;
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Refusal ? error.message : error instanceof Error ? error.stack : String(error)}\n`);
    process.exit(1);
  },
);
