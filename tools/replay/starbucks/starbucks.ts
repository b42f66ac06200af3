import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Refusal } from '@sp/testing';
import type { Mapping, ReplayInput } from '../mapping';
import { rejected, type Produced } from '../produced';
import { RewardProgramme, type StarbucksFiles } from './programme';
import { StarbucksHour } from './hour';
import { readTable } from '../table';
import { hoursSinceReader } from '../time-format';

/** The newest profile of the set is of 2018-07-26, so its first hour (0) is placed soon after; the set itself names no date. */
const originMs = Date.UTC(2018, 7, 1);
const columns = ['t', 'client', 'event', 'offer', 'amount', 'reward'];
const readTime = hoursSinceReader(originMs);

/** The set of 17,000 simulated members of a coffee chain: portfolio, profiles, and waves of offers with known propensities. */
export const starbucks: Mapping = { name: 'starbucks', provenance: 'data simulated by their publisher', produce };

async function* produce(input: ReplayInput): AsyncGenerator<Produced> {
  const files = filesOf(input.path);
  let programme: RewardProgramme | undefined;
  let hour: StarbucksHour | undefined;
  for await (const row of readTable(files.events, { tally: input.tally, rowLimit: input.lineLimit, format: 'csv', requiredColumns: columns })) {
    if (row.kind !== 'row') {
      yield row;
      continue;
    }
    const time = readTime(row.cell('t'));
    if (!time.ok) {
      yield rejected('t: not hours', row);
      continue;
    }
    if (!programme) {
      programme = new RewardProgramme(time.value);
      yield* programme.open(files, input.tally);
    }
    if (hour && hour.timeMs !== time.value) {
      yield* hour.events(programme);
      hour = undefined;
    }
    hour ??= new StarbucksHour(time.value);
    hour.add(row);
  }
  if (!programme) yield* new RewardProgramme(originMs).open(files, input.tally);
  else if (hour) yield* hour.events(programme);
}

function filesOf(folder: string): StarbucksFiles {
  if (!statSync(folder).isDirectory()) throw new Refusal(`${folder} is no folder: starbucks wants portfolio.json, profile.json and events-*.csv (each may be .gz).`);
  const events = readdirSync(folder).filter((file) => /^events.*\.csv(\.gz)?$/.test(file)).sort();
  if (events.length === 0) throw new Refusal(`${folder} holds no events-*.csv (nor .csv.gz).`);
  return { portfolio: oneOf(folder, 'portfolio.json'), profile: oneOf(folder, 'profile.json'), events: events.map((file) => join(folder, file)) };
}

function oneOf(folder: string, name: string): string {
  const found = [name, `${name}.gz`].map((file) => join(folder, file)).find(existsSync);
  if (!found) throw new Refusal(`${folder} holds no ${name} (nor ${name}.gz).`);
  return found;
}
