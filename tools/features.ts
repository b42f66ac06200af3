/** `npm run features`: what the features are, whether ClickHouse gives the same ones, and what is in them; see docs/features.md. */
import { checkParity, connectClickHouse, type ClickHouseClient, type ParityReport } from '@sp/clickhouse';
import { Refusal } from '@sp/testing';
import { featureList } from './features/feature-list';
import { featuresAt } from './features/features-at';
import { readCommand, type FeaturesCommand } from './features/options';
import { parityOfReplay } from './features/parity-of-replay';
import { isParity, parityText } from './features/parity-text';
import { measureScale, scaleText } from './features/scale';
import { writeReport } from './features/report/write-report';

/** Whether all is as it should be. */
async function main(): Promise<boolean> {
  const command = readCommand(process.argv.slice(2), process.env['INIT_CWD'] ?? process.cwd());
  if (command.name === 'list') return say(featureList());
  if (command.name === 'scale') return scale(command);
  if ('replay' in command) return tellParity(await parityOfReplay(command, (line) => void say(`${line}\n`)));
  const client = connectClickHouse(command.clickhouse);
  try {
    return await run(client, command);
  } finally {
    await client.close();
  }
}

async function scale({ clients, events, hot }: Extract<FeaturesCommand, { name: 'scale' }>): Promise<boolean> {
  const results = [];
  for (const count of clients) results.push(await measureScale(count, events, hot));
  return say(scaleText(results));
}

async function run(client: ClickHouseClient, command: Exclude<FeaturesCommand, { name: 'list' | 'scale' } | { replay: string }>): Promise<boolean> {
  if (command.name === 'parity') return tellParity(await checkParity(client, { size: command.sample }));
  if (command.name === 'at') {
    const features = await featuresAt(client, command.clientId, command.timeMs);
    if (!features) throw new Refusal(`No input of a client "${command.clientId}" is stored.`);
    return say(`${JSON.stringify(features, (_, value: unknown) => (Number.isNaN(value) ? null : value), 2)}\n`);
  }
  const { text, rows } = await writeReport(client, command.folder, command.rows);
  say(text);
  return rows > 0;
}

function tellParity(report: ParityReport): boolean {
  say(parityText(report));
  return isParity(report);
}

function say(text: string): true {
  process.stdout.write(text);
  return true;
}

main().then(
  (isWell) => process.exit(isWell ? 0 : 1),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Refusal ? error.message : error instanceof Error ? error.stack : String(error)}\n`);
    process.exit(2);
  },
);
