import { asyncApiDocument } from './async-api';
import { rejectMeanings } from './open-api-answers';
import { envelopeRows, eventTables, type EventTable, type FieldRow } from './open-api-fields';
import { natsAuthorization } from './nats-rights';
import { bankDoor, offersDoor } from './topology';

/** Every committed file that is derived from the contracts, by its path in the repository. */
export function derivedDocs(): Readonly<Record<string, string>> {
  return {
    'docs/asyncapi.json': `${JSON.stringify(asyncApiDocument(), null, 2)}\n`,
    'docs/events.md': eventsPage(),
    'deploy/nats/users.conf': usersFile(4),
  };
}

/** For a line of another number of partitions: `npm run contracts -- --nats-users 16`. */
export function usersFile(partitions: number): string {
  return `# A user a service, with the least it needs; made by "npm run contracts" for ${partitions} partitions, do not edit.\n${natsAuthorization(partitions)}`;
}

function eventsPage(): string {
  const tables = eventTables();
  return `${[
    '# Events',
    'Made by `npm run contracts -- --write` from the schemas in `libs/contracts`; do not edit. The same for machines: `/openapi.json` of the ingest service and [asyncapi.json](asyncapi.json).',
    `A bank sends events to \`POST /v1/events\` or to the NATS subject \`${bankDoor.subject}\`; offers come on \`${offersDoor.subjects}\`. Fields that are not named here are dropped: more may be added to an event type, none is ever taken away or asked for.`,
    '## The envelope (CloudEvents 1.0)',
    fieldTable(envelopeRows()),
    ...tables.map(section),
    '## Why an event is refused',
    table(['code', 'meaning'], Object.entries(rejectMeanings).map(([code, meaning]) => [`\`${code}\``, meaning])),
  ].join('\n\n')}\n`;
}

function section({ type, direction, meaning, fields }: EventTable): string {
  const sample = `[A sample](../libs/contracts/golden/${type}.v1.json).`;
  const head = `## \`${type}\`${direction === 'out' ? ' (leaves the system)' : ''}\n\n${meaning} ${sample}`;
  return fields.length > 0 ? `${head}\n\n${fieldTable(fields)}` : `${head} It has no fields.`;
}

function fieldTable(rows: readonly FieldRow[]): string {
  return table(['field', 'what', 'needed', 'meaning'], rows.map(({ path, required, kind, meaning }) => [`\`${path}\``, kind, required ? 'yes' : isPart(path) ? '' : 'no', meaning]));
}

/** What stands in a list or a record is neither needed nor not. */
function isPart(path: string): boolean {
  return /[\]}]$/.test(path);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
